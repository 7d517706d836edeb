import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { environment: 'jsdom', include: ['test/**/*.test.js'], pool: 'threads', poolOptions: { threads: { singleThread: true } } },
});
