import { defineConfig } from 'vitest/config';

/** Benchmarks print figures; they assert that what they measure happened, never how long it took. */
export default defineConfig({
  test: {
    include: ['test/bench/**/*.bench.ts'],
    fileParallelism: false,
    disableConsoleIntercept: true,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
