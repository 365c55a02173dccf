import { defineConfig } from 'vitest/config';

// `npm test`: logic, in seconds. `npm run e2e`: the built console in a browser, against test/fixture/server.mjs.
const inBrowser = process.env.CONSOLE_E2E === '1';

export default defineConfig({
  test: {
    include: inBrowser ? ['test/**/*.e2e.ts'] : ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    testTimeout: inBrowser ? 240_000 : 20_000,
    hookTimeout: 60_000,
    retry: inBrowser ? 1 : 0, // Said at the end by tools/console.sh: what needs it hides a fault of the page or the test.
    expect: { poll: { timeout: 20_000 } }, // A page paints when the answer is there, not when a key was pressed.
    fileParallelism: false,
  },
});
