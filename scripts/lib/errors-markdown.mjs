// docs/errors.md from the table of error codes in src/errors.ts. Used by `npm run docs` and its test.

/** @param {Record<string, string>} errorCodes code -> what it means */
export function errorsMarkdown(errorCodes) {
  const rows = Object.entries(errorCodes).map(
    ([code, about]) => `| \`${code}\` | ${about.replaceAll('|', '\\|')} |`,
  );
  return `# Errors

<!-- Generated from src/errors.ts by \`npm run docs\`; do not edit. -->

Every error has a code that stays the same between versions, a message that says what happened, and mostly a
hint that says what to do. Commands print \`panoptes ra: message\` and the hint on stderr; a server sends the three
in an \`Error\` frame before it closes the connection; in TypeScript they are \`code\`, \`message\` and \`hint\` of
a \`PanoptesError\`.

Exit codes of the commands: 0 done, 1 nothing matched or a source failed, 2 bad usage (\`bad-option\`,
\`bad-filter\`, \`bad-capture-filter\`, \`no-such-interface\`).

| code | means |
|---|---|
${rows.join('\n')}
`;
}
