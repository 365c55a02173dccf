import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, hasBrowser, openBrowser, openPage, shoot, signIn, type Look } from './browser';
import { startServer } from './fixture/server.mjs';

const kContainer = '/timeline/container/QZBU2876950';
const kPages: { name: string; path: string; wait: string; login?: string }[] = [
  { name: 'watch', path: '/watch', wait: '[role=option]' },
  { name: 'timeline', path: kContainer, wait: '.event' },
  { name: 'timeline_event', path: `${kContainer}?alert=77c83fd3b02ed7e6403cf3877e5f3e60`, wait: '.event-detail' },
  { name: 'unmaskings', path: '/unmaskings', wait: '.unmasking' },
  { name: 'unmaskings_empty', path: '/unmaskings?show=mine', wait: '.state' },
  { name: 'unmaskings_auditor', path: '/unmaskings?show=all', wait: '.unmasking', login: 'auditor' },
  { name: 'brief', path: '/brief', wait: '.brief-urgent li' },
  { name: 'feeds', path: '/feeds/yard_moves', wait: '.reject' },
  { name: 'cases', path: '/cases', wait: '.alert-link, .card, .state' },
  { name: 'rules', path: '/rules', wait: 'td .level' },
  { name: 'rule', path: '/rules/9f1f6a0c-2d5e-4b8f-a2a7-0a4d8f3c6b03', wait: 'pre' },
  { name: 'kpis', path: '/kpis?period=2026-02', wait: '.kpi-part' },
  { name: 'kpis_hand_on', path: '/kpis?period=2026-02&form=hand_on', wait: '.kpi-part' },
  { name: 'kpis_empty', path: '/kpis?period=2025-01', wait: '.state' },
  { name: 'kpis_auditor', path: '/kpis?period=2026-02', wait: '.kpi-part', login: 'auditor' },
  { name: 'legal', path: '/legal', wait: '.legal-missing' },
  { name: 'legal_assessment', path: '/legal/assessment', wait: '.legal-section' },
  { name: 'requests', path: '/requests?show=all', wait: '.request-line', login: 'auditor' },
  { name: 'requests_empty', path: '/requests?show=closed', wait: '.state', login: 'auditor' },
  { name: 'request', path: '/requests/r-0000000000000002', wait: '.request-steps', login: 'auditor' },
  { name: 'legal_staff', path: '/legal/staff', wait: '.legal-section', login: 'auditor' },
  { name: 'map', path: '/map', wait: '.map-block' },
  { name: 'map_feature', path: '/map?feature=block%3AHRPLE%2FQXT%3AB2', wait: '.map-alert' },
  { name: 'people', path: '/people', wait: 'td', login: 'admin' },
  { name: 'audit', path: '/audit', wait: 'td', login: 'auditor' },
  { name: 'search', path: '/search?q=qaxu%20306', wait: 'td' },
  { name: 'denied', path: '/people', wait: '.state.problem' },
];
const kLooks: [string, Look][] = [
  ['light', {}],
  ['phone', { width: 390 }],
  ['spanish_dark', { language: 'es-ES', theme: 'dark' }],
];

describe.skipIf(!hasBrowser)('every page', () => {
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startServer>>;
  beforeAll(async () => {
    server = await startServer();
    const { subjects } = server.alertThat(({ summary }) => summary.subjects.some(({ kind }) => kind === 'account')).summary;
    const { value } = subjects.find(({ kind }) => kind === 'account')!;
    server.ask('colleague', 'ask', value);
    server.ask('second', 'break_glass', value, '2026-03-09T05:00:00Z');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it.each(kLooks)('%s: nothing on the console, nothing for axe, no sideways scrolling', async (look, options) => {
    const problems: string[] = [];
    for (const login of new Set(kPages.map((each) => each.login))) {
      const { page, said } = await openPage(browser, options);
      await signIn(page, server, '/', login);
      for (const { name, path, wait } of kPages.filter((each) => each.login === login)) {
        await page.goto(server.address + path);
        await page.locator(wait).first().waitFor();
        await page.waitForTimeout(100);
        await shoot(page, `${name}_${look}`);
        problems.push(...(await axeFindings(page)).map((finding) => `${name} ${look} axe ${finding}`));
        problems.push(...said.splice(0).map((message) => `${name} ${look} ${message}`));
        const wide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (wide > 0) problems.push(`${name} ${look} is ${wide} px wider than the window`);
      }
      await page.context().close();
    }
    expect(problems).toEqual([]);
  });
});
