import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// `npm test`: logic, in seconds. `npm run e2e`: the built console in a browser, against test/fixture/server.mjs.
// tools/pictures.sh: the pictures of docs/console.md.
const takesPictures = process.env.CONSOLE_PICTURES === '1';
const inBrowser = process.env.CONSOLE_E2E === '1' || takesPictures;

/** The file that takes longest begins first, lest it be what all wait for. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const rank = ({ moduleId }: TestSpecification) => (moduleId.endsWith('pages.e2e.ts') ? 0 : 1);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: takesPictures
      ? ['test/served/pictures.ts']
      : inBrowser
        ? ['test/**/*.e2e.ts']
        : ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    testTimeout: inBrowser ? 240_000 : 20_000,
    hookTimeout: 60_000,
    retry: inBrowser ? 1 : 0, // Said at the end by tools/console.sh: what needs it hides a fault of the page or the test.
    expect: { poll: { timeout: 20_000 } }, // A page paints when the answer is there, not when a key was pressed.
    maxWorkers: inBrowser ? 2 : undefined, // Each has a browser and a server of its own.
    sequence: { sequencer: LongestFirst },
  },
});
