// docs/truth.md says where argus, tshark and the probe differ about real captures: every number of its table is what
// they say today. Needs a build and the captures; skipped without them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { corpus } from '../support/corpus.js';

const script = fileURLToPath(new URL('../../scripts/truth.mjs', import.meta.url));

test.skipIf(!existsSync(join(corpus, 'truth')))(
  'the table of docs/truth.md is true',
  async () => {
    const child = spawn(process.execPath, [script, '--check'], {
      env: { ...process.env, PANOPTES_CORPUS: corpus },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaints = '';
    child.stderr.on('data', (bytes: Buffer) => {
      complaints += bytes.toString();
    });
    const [code] = await once(child, 'close');
    expect(complaints).toBe('');
    expect(code).toBe(0);
  },
  300_000,
);
