import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, openPage, signIn, type Look } from '../browser';
import { kPassword, serveWeek, type Caller, type Week } from './week';

/** The pictures of docs/console.md, of a week that has just ended (tools/pictures.sh). */
const kFolder = join(__dirname, '../../../docs/console');
type Alert = { alert_id: string; level: string; title: string; subjects: { kind: string; value: string }[] };

let week: Week;
let admin: Caller;
let browser: Browser;
let caseId: string;
let alerts: Alert[];

const named = (alert: Alert, kind: string) => alert.subjects.find((subject) => subject.kind === kind)?.value;

/** The box that most alerts are about, with these. */
function storyOf(all: Alert[]): [box: string, alerts: Alert[]] {
  const of = new Map<string, Alert[]>();
  for (const alert of all) {
    const box = named(alert, 'container');
    if (box) of.set(box, [...(of.get(box) ?? []), alert]);
  }
  return [...of].sort((a, b) => b[1].length - a[1].length)[0]!;
}

/** What colleagues would have left by the end of a watch. */
async function work() {
  const { items } = (await admin.call<{ items: Alert[] }>('GET', '/api/alerts?sort=urgent&limit=200')).json;
  alerts = items;
  const [, story] = storyOf(alerts);
  const second = await week.caller().signIn('second');
  const ids = (of: Alert[]) => of.map(({ alert_id }) => alert_id);
  const low = alerts.filter(({ level, alert_id }) => level === 'low' && !ids(story).includes(alert_id));
  const decide = (of: Alert[], decision: object) =>
    second.call('POST', '/api/alerts/decisions', { alert_ids: ids(of), decision });
  await decide(low.slice(0, 6), { action: 'dismiss', reason_code: 'data_error', reason: 'One reader was out of order.' });
  await decide(low.slice(6, 9), { action: 'take' });
  const opened = await admin.call<{ summary: { case_id: string } }>('POST', '/api/cases', {
    title: 'A box that leaves with others',
    alert_ids: ids(story),
  });
  caseId = opened.json.summary.case_id;
  const step = (body: object) => admin.call('POST', `/api/cases/${caseId}/steps`, body);
  await step({ action: 'add_task', text: 'Ask the terminal for the portal pictures' });
  await step({ action: 'note', text: 'The haulier answers that the order came by telephone.' });
  const withPlate = alerts.find((alert) => named(alert, 'vehicle'))!;
  await second.call('POST', '/api/unmaskings', {
    pseudonym: named(withPlate, 'vehicle'),
    alert_id: withPlate.alert_id,
    reason: 'The lorry is to be stopped at the gate.',
  });
  await admin.call('POST', '/api/subject-requests', {
    kind: 'access',
    received_on: new Date().toISOString().slice(0, 10),
    identity_check: 'Came to the gatehouse with his card.',
    credentials: ['C0012345'],
  });
  week.deliverMoves();
}

beforeAll(async () => {
  mkdirSync(kFolder, { recursive: true });
  week = await serveWeek('');
  admin = await week.caller().signIn('admin', week.password);
  await admin.call('PUT', '/api/session/password', { current: week.password, new: kPassword });
  await week.addStaff(admin, 'second', 'Second officer', ['officer']);
  await week.addStaff(admin, 'liaison', 'Liaison', ['viewer']);
  await work();
  browser = await openBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await week?.stop();
});

async function at(path: string, look: Look = {}) {
  const { page } = await openPage(browser, { fixedTime: false, ...look });
  await page.setViewportSize(look.width ? { width: look.width, height: 760 } : { width: 1200, height: 750 });
  await signIn(page, { ...week, password: kPassword }, path, 'admin');
  return page;
}

async function take(page: Page, name: string) {
  await page.locator('main h1').first().waitFor({ state: 'attached' });
  await expect.poll(() => page.locator('main .hidden', { hasText: 'Loading' }).count()).toBe(0);
  await page.waitForTimeout(500); // a picture, no test: what is drawn last is there
  await page.screenshot({ path: join(kFolder, `${name}.png`) });
  await page.context().close();
}

it('takes a picture of every page', async () => {
  const [box, story] = storyOf(alerts);
  const [first] = story;
  const plain: [string, string][] = [
    ['timeline', `/timeline/container/${box}?alert=${first!.alert_id}`],
    ['map', '/map'],
    ['case', `/cases/${caseId}`],
    ['case-file', `/cases/${caseId}/file`],
    ['brief', '/brief'],
    ['feeds', '/feeds/outer_lane'],
    ['rules', '/rules'],
    ['coverage', '/rules/coverage'],
    ['unmaskings', '/unmaskings'],
    ['figures', '/kpis?period=all'],
    ['law', '/legal/processing'],
    ['requests', '/requests'],
    ['people', '/people'],
    ['audit', '/audit'],
    ['search', `/search?q=${box.slice(0, 7)}`],
  ];
  const queue = await at(`/watch?alert=${first!.alert_id}&state=all`);
  await queue.locator('.detail h1').waitFor();
  await take(queue, 'watch');
  const lot = await at('/watch?level=low');
  await lot.locator('[role=option]').first().waitFor();
  for (const key of ['j', 'x', 'Shift+ArrowDown', 'Shift+ArrowDown']) await lot.keyboard.press(key);
  await take(lot, 'watch-several');
  const phone = await at('/watch', { width: 390, theme: 'dark' });
  await phone.locator('[role=option]').first().waitFor();
  await take(phone, 'watch-phone');
  for (const [name, path] of plain) await take(await at(path), name);
  const rules = await at('/rules/edit?rule=c2f3b9d4-71aa-4d28-9f6e-6e0b1a2d3c05');
  const text = rules.locator('.edit-lines textarea');
  await text.fill((await text.inputValue()).replace('level: high', 'level: critical'));
  await rules.getByText('It compiles').waitFor();
  await rules.getByRole('button', { name: 'Try on history' }).click();
  await rules.locator('dialog .primary').click();
  await rules.locator('.trial-chart').waitFor({ timeout: 120_000 });
  await take(rules, 'rules-tried');
});
