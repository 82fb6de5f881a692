#!/usr/bin/env node
// The command as npm links it. It is here before anything is built, because npx keeps what it links first.
import { existsSync } from 'node:fs';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) await import(main.href);
else {
  process.stderr.write(
    'panoptes: not built yet; run: npm ci && npm run build (or npm start, which does both)\n',
  );
  process.exitCode = 1;
}
