// node test/shot.mjs NAME PATH [dark|light] [width] [keys...]: one look at a page, into build/console.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { startServer } from './fixture/server.mjs';

const [name, path, theme = 'light', width = '1440', login = 'officer', ...keys] = process.argv.slice(2);
const server = await startServer();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: Number(width), height: width === '390' ? 844 : 900 }, colorScheme: theme, timezoneId: 'Europe/Zagreb', locale: 'en-GB' });
const page = await context.newPage();
page.on('console', (m) => console.log(m.type(), m.text()));
page.on('pageerror', (e) => console.log('pageerror', e.message));
await page.clock.setFixedTime('2026-03-13T05:00:00Z');
await page.goto(server.address + path);
await page.getByLabel('User name').fill(login);
await page.getByLabel('Password').fill(server.password);
await page.getByRole('button', { name: 'Sign in' }).click();
await page.waitForTimeout(1500);
for (const key of keys) {
  if (key.startsWith('type:')) await page.keyboard.type(key.slice(5));
  else await page.keyboard.press(key);
  await page.waitForTimeout(500);
}
mkdirSync('../build/console', { recursive: true });
await page.screenshot({ path: `../build/console/${name}.png` });
await browser.close();
await server.stop();
