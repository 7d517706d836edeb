import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { testTimeout: 120_000, hookTimeout: 60_000, environment: 'jsdom', include: ['test/**/*.test.js'], pool: 'threads', poolOptions: { threads: { singleThread: true } } },
});
