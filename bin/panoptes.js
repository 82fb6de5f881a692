#!/usr/bin/env node
// The command as npm links it. It is here before anything is built, because npx keeps what it links first.
// CommonJS (package.json beside it): the loader of ES modules alone would cost a tenth of a short command.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const main = join(__dirname, '../dist/command/main.cjs');
if (existsSync(main)) require(main);
else {
  process.stderr.write(
    'panoptes: not built yet; run: npm ci && npm run build (or npm start, which does both)\n',
  );
  process.exitCode = 1;
}
