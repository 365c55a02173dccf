// What bench/queue.py cannot see from outside of the browser. One argument: JSON with origin, chromium, alerts, headers
// of a session, and an event that raises an alert. Prints figures as JSON, times in milliseconds.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../console/package.json', import.meta.url))('playwright-core');
const { origin, chromium: executablePath, alerts, headers, event } = JSON.parse(process.argv[2]);
const kRow = '[role=option]';

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, extraHTTPHeaders: { Cookie: headers.Cookie } });
await page.context().addCookies([{ name: 'quaywatch_session', value: headers.Cookie.split('=')[1], url: origin }]);

let began = Date.now();
await page.goto(origin);
await page.waitForSelector(kRow);
const interactive = Date.now() - began;

await page.evaluate(() => {
  window.frames_ms = [];
  let last = performance.now();
  const note = (now) => {
    window.frames_ms.push(now - last);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
});
const frames = async () => {
  const all = (await page.evaluate(() => window.frames_ms.splice(0))).sort((a, b) => a - b);
  const at = (share) => all[Math.min(all.length - 1, Math.floor(share * all.length))];
  return { p50: at(0.5), p99: at(0.99), worst: at(1) };
};
const rowsLoaded = async () => Number(await page.locator(kRow).first().getAttribute('aria-setsize'));

const list = page.locator('.queue-list');
await list.hover();
let rows = await rowsLoaded();
for (let still = 0; rows < alerts && still < 200; ) {
  await page.mouse.wheel(0, 20_000);
  await page.waitForTimeout(30);
  const now = await rowsLoaded();
  still = now === rows ? still + 1 : 0;
  rows = now;
}
const scrolled = await frames();

for (let i = 0; i < 100; i++) {
  await page.keyboard.press(i % 10 ? 'k' : 'Home');
  await page.waitForTimeout(20);
}
const keys = await frames();

await page.keyboard.press('Home');
const number = event.data['container.number'];
began = Date.now();
const sent = await fetch(`${origin}/api/intake/events`, {
  method: 'POST',
  headers: { ...headers, 'Content-Type': 'application/cloudevents-batch+json' },
  body: JSON.stringify([event]),
});
if (!sent.ok) throw new Error(await sent.text());
await page.getByText(`${number.slice(0, 4)} ${number.slice(4, 10)}-${number.slice(10)}`).first().waitFor();
const alert = Date.now() - began;

await browser.close();
console.log(JSON.stringify({ interactive, rows, ...scrolled, keys, alert }));
