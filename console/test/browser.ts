import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startServer } from './fixture/server.mjs';

/** Debian's Chromium, and what every page must keep: nothing said on the console, nothing axe finds. */
const kPrograms = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const kProgram = process.env.CHROMIUM ?? kPrograms.find((program) => existsSync(program)) ?? '';
export const hasBrowser = existsSync(kProgram);
const shots = join(__dirname, '../../build/console');
/** How many times slower the pages run than the machine: finds what is only right when the page is faster than the test. */
const kSlower = Number(process.env.CONSOLE_SLOWER ?? 1);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const openBrowser = () => chromium.launch({ executablePath: kProgram, args: ['--no-sandbox', '--disable-gpu'] });

export type Look = { theme?: 'light' | 'dark'; width?: number; language?: string; fixedTime?: boolean };

/** A page at six in the morning at the port of the sample day. */
export async function openPage(browser: Browser, look: Look = {}) {
  const { theme = 'light', width = 1440, language = 'en-GB', fixedTime = true } = look;
  const context = await browser.newContext({
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: theme,
    timezoneId: 'Europe/Zagreb',
    locale: language,
  });
  const page = await context.newPage();
  if (kSlower > 1) {
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: kSlower });
  }
  const said: string[] = [];
  page.on('console', (message) => {
    // The browser reports each refusal itself; who is not signed in gets 401 to the first question, who is early 503.
    if (message.location().url.endsWith('/api/session') && /401|503/.test(message.text())) return;
    said.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => said.push(`pageerror: ${error.message}`));
  saidOnAll.push(said);
  if (fixedTime) await page.clock.setFixedTime('2026-03-13T05:00:00Z');
  return { page, said };
}

type Door = { address: string; password: string };

export async function signIn(page: Page, server: Door, path = '/', login = 'officer') {
  await page.goto(server.address + path);
  await page.locator('input[autocomplete=username]').fill(login);
  await page.locator('input[autocomplete=current-password]').fill(server.password);
  await page.keyboard.press('Enter');
  await page.locator('.topbar').waitFor();
}

export type Server = Awaited<ReturnType<typeof startServer>>;
/** What each page said that the test at hand opened. */
const saidOnAll: string[][] = [];
/** The browser's own report of an answer that a test asks for: a test in which none may come expects nothing said. */
const kRefused = /^error: Failed to load resource: the server responded with a status of 4\d\d /;
/** What else the browser says because the test at hand breaks something. */
const meant: RegExp[] = [];
export const breaks = (said: RegExp) => void meant.push(said);

type Ground<Served> = { browser: Browser; server: Served; page: Page; said: string[] };

/** Gives each test of the suite at hand a page and a server of its own. */
export const eachWithPage = (give: (ground: Ground<Server>) => void) =>
  eachWithPageOf(startServer, {}, give);

/** The same with another server; who keeps one for all tests gives it a `stop` that does not. */
export function eachWithPageOf<Served extends { stop: () => Promise<void> }>(
  start: () => Promise<Served>,
  look: Look,
  give: (ground: Ground<Served>) => void,
) {
  let server: Served;
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    server = await start();
    saidOnAll.length = meant.length = 0;
    give({ browser, server, ...(await openPage(browser, look)) });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await report(browser, task.name);
    const faults = saidOnAll.flat().filter((line) => ![kRefused, ...meant].some((m) => m.test(line)));
    // A test may have opened further ones.
    for (const context of browser.contexts()) await context.close();
    await server.stop();
    expect(faults).toEqual([]);
  });
}

/** What stood on the pages when a test failed: there is nothing else to go by where it failed only once. */
async function report(browser: Browser, name: string) {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    const text = await page.evaluate(() => document.body.innerText).catch((error) => `no text: ${error}`);
    console.log(`"${name}" failed at ${page.url()}, which showed:\n${text.slice(0, 2000)}`);
    await shoot(page, `failed_${name.replace(/\W+/g, '_').slice(0, 60)}`).catch(() => {});
  }
}

export async function shoot(page: Page, name: string) {
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** What axe finds, in a line each: rule, and where. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { violations } = await (
      window as unknown as { axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }
    ).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}
