import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', 'test/examples/**'],
    environment: 'node',
    // Two cores are what a newcomer's laptop spares us; more files at once only make timeouts.
    maxWorkers: 2,
    // Finds what hangs, not what is slow: on two busy cores a test that starts three programs takes half a minute.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    retry: 0,
  },
});
