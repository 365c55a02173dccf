import { execFile, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** A simulated week, taken in and served by the program itself: what the console has to do with at a site. */
const run = promisify(execFile);
const root = join(__dirname, '../../..');
const kBuilt = ['ci', 'release', 'dev'].map((preset) => join(root, 'build', preset, 'bin/quaywatch'));
export const program = process.env.QUAYWATCH_PROGRAM ?? kBuilt.find((path) => existsSync(path)) ?? '';
export const hasProgram = existsSync(program);
export const kPassword = 'a long and quiet tide';

/** Moves at an outer gate, one of which has its time in a form that the mapping does not read. */
const kMoves = `box;seen;lane
QAYU1000011;2026-10-25 08:00:00;L1
QAYU1000027;25.10.2026 08:20;L2
`;
const event = (format: string, when = '') => `
[[event]]
type = "container.moved"
${when}
time = { column = "seen", format = "${format}" }
fields = [{ to = "container.number", from = "box" }, { to = "location.to", from = "lane" }]
`;
const head = (feed: string) => `feed = "${feed}"
format = "csv"
files = ["${feed}*.csv"]
owner = "terminal"
facility = "ZZQAY/T1"
separator = ";"
time_zone = "Europe/Ljubljana"
`;
const kHead = head('outer_lane');
const kMapping = kHead + event('%Y-%m-%d %H:%M:%S');
/** It reads the other form as well. */
const kMended =
  kHead +
  event('%Y-%m-%d %H:%M:%S', 'when = { seen = { match = "-" } }') +
  event('%d.%m.%Y %H:%M', 'when = { seen = { match = "[.]" } }');

/** One user of the interface, without the console. */
export class Caller {
  private headers: Record<string, string> = { 'Content-Type': 'application/json' };
  constructor(private readonly address: string) {}

  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; json: T }> {
    const { address, headers } = this;
    const answer = await fetch(address + path, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    const cookie = answer.headers.get('set-cookie');
    if (cookie) headers.Cookie = cookie.split(';')[0]!;
    const text = await answer.text();
    const json = text ? JSON.parse(text) : undefined;
    if (json?.csrf_token) headers['X-CSRF-Token'] = json.csrf_token;
    return { status: answer.status, json };
  }
  async signIn(login: string, password = kPassword) {
    const { status } = await this.call('POST', '/api/session', { login, password });
    if (status !== 200) throw new Error(`${login} cannot sign in: ${status}`);
    return this;
  }
}

type Organisations = { items: { id: string }[] };
type Made = { one_time_password: string };

/** `from` is its first day, a Monday; empty: the last that is a week ago. */
export async function serveWeek(from = '2026-10-19') {
  const folder = mkdtempSync(join(tmpdir(), 'quaywatch-week-'));
  const home = join(folder, 'site');
  const week = join(folder, 'week');
  const watched = join(folder, 'watched');
  const env = { ...process.env, QUAYWATCH_HOME: home, QUAYWATCH_LANGUAGE: 'en' };
  const say = (...given: string[]) => run(program, given, { env, maxBuffer: 1 << 26 });

  const days = from === '' ? [] : ['--from', from];
  await say(...'simulate --size small --days 7 --seed 1 --plant all:1'.split(' '), ...days, week);
  await say('import', '--history', join(week, 'feeds'), '--time-zone', 'Europe/Ljubljana');
  await say(...'agreement record --reference simulated --parties nobody --from 2000-01-01 --until 2099-12-31'.split(' '));
  copyFileSync(join(week, 'port.geojson'), join(home, 'port.geojson'));
  writeFileSync(join(home, 'site.toml'), '[rules]\napprovers = ["admin", "second"]\n');
  mkdirSync(watched);
  const putMapping = (text: string, feed = 'outer_lane') => writeFileSync(join(home, `feeds/${feed}.toml`), text);
  mkdirSync(join(home, 'feeds'), { recursive: true });
  putMapping(kMapping);
  putMapping(head('broken_lane') + event('%Y-%m-%d %H:%M:%S'), 'broken_lane');

  const serve = ['serve', watched, '--settle', '0', '--poll', '1', '--http', '127.0.0.1:0', '--mapping', join(week, 'feeds')];
  const server = spawn(program, [...serve, '--console', join(root, 'console/dist')], { env });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  let complaint = '';
  server.stderr.on('data', (text) => (complaint += text));
  let password = '';
  let address = '';
  for await (const line of createInterface({ input: server.stdout })) {
    password = /one-time password (\S+)/.exec(line)?.[1] ?? password;
    address = /serving (http:\S+?)\/?$/.exec(line)?.[1] ?? '';
    if (address) break;
  }
  if (!address) throw new Error(`the server ended: ${complaint}`);
  const isReady = async () => (await fetch(`${address}/ready`)).status === 200;
  for (const end = Date.now() + 120_000; !(await isReady()); ) {
    if (Date.now() > end) throw new Error(`the server is not ready: ${complaint}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** Whole at once, as a careful sender does. */
  function deliver(name: string, text: string) {
    writeFileSync(join(folder, 'part'), text);
    renameSync(join(folder, 'part'), join(watched, name));
  }
  /** A colleague of the administrator, with the one-time password. */
  async function addUser(admin: Caller, login: string, name: string, roles: string[]) {
    const { items } = (await admin.call<Organisations>('GET', '/api/organisations')).json;
    const made = await admin.call<Made>('POST', '/api/users', { login, name, roles, organisation_id: items[0]!.id });
    if (made.status !== 201) throw new Error(JSON.stringify(made.json));
    return made.json.one_time_password;
  }
  return {
    address,
    password,
    addUser,
    caller: () => new Caller(address),
    /** One who has chosen his password. */
    async addStaff(admin: Caller, login: string, name: string, roles: string[]) {
      const current = await addUser(admin, login, name, roles);
      const user = await new Caller(address).signIn(login, current);
      await user.call('PUT', '/api/session/password', { current, new: kPassword });
    },
    /** Of which nothing can be read. */
    deliverBroken: () => deliver('broken_lane_20261025.csv', `box;seen;lane\n${'QAYU1000027;never;L2\n'.repeat(600)}`),
    deliverMoves: () => deliver('outer_lane_20261025.csv', kMoves),
    /** What no mapping names: nobody knows what it holds. */
    deliverUnknown: () => deliver('notes.csv', 'who,what\nnobody,nothing\n'),
    mendMapping: () => putMapping(kMended),
    async stop() {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type Week = Awaited<ReturnType<typeof serveWeek>>;
