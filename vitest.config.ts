// Two projects: 'unit' runs in parallel; 'system' has real processes, ports and interfaces, one file at a time.
import { defineConfig } from 'vitest/config';

const system = 'test/system/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: [system], testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: [system],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
