// What `panoptes doctor` says: one finding a line, and what to do below those that are not fine.

export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly message: string;
  /** What to do; only where something is to be done. */
  readonly todo?: string;
}

export const ok = (name: string, message: string): Finding => ({ name, level: 'ok', message });
export const warn = (name: string, message: string, todo: string): Finding => ({
  name,
  level: 'warn',
  message,
  todo,
});
export const fail = (name: string, message: string, todo: string): Finding => ({
  name,
  level: 'fail',
  message,
  todo,
});

/** A line for each finding, and what to do below those that are not fine. */
export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ level, name, message, todo }) => [
    `${level.padEnd(5)} ${name.padEnd(11)} ${message}`,
    ...(todo === undefined ? [] : [`${' '.repeat(18)}-> ${todo}`]),
  ]);
  return `${lines.join('\n')}\n`;
}
