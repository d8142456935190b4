import { describe, expect, test } from 'vitest';
import type { Standing } from '../../../../libs/contracts/reports/synthesis.js';
import { chooseDelivered } from '../../../../libs/packaging/choose-delivered.js';
import { continuityPage } from '../../../../libs/packaging/continuity.js';
import { readRun } from '../../../../libs/packaging/read-run.js';
import type { ReportData } from '../../../../libs/packaging/report/report-data.js';
import { reportPage } from '../../../../libs/packaging/report/report-page.js';
import { duration, shortTime } from '../../../../libs/packaging/report/times.js';
import { type SmallDeliveryOptions, smallDelivery } from '../../../support/small-delivery.js';
import { smallRun } from '../../../support/small-run.js';

async function dataOf(options: SmallDeliveryOptions = {}): Promise<ReportData> {
  const { small, input, merged } = await smallDelivery(await smallRun(), options);
  const run = await readRun(small.store, { run: small.run, input, merged });
  const delivered = await chooseDelivered(small.store, run, input);
  return { ...run, delivered, patch: '-var a = 1;\n+const a = 1;\n // <script>alert(1)</script>\n' };
}

const pageOf = async (change: (data: ReportData) => ReportData = (data) => data): Promise<string> =>
  reportPage(change(await dataOf()));

/** The page as people read it. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

/** The cells of the rows of a table that has such a head. */
function rowsUnder(page: string, head: string): string[][] {
  const table = page.split('<table>').find((one) => textOf(one).trim().startsWith(head)) ?? '';
  return [...(table.split('</table>')[0] ?? '').matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/gs)].map(([, cell = '']) => textOf(cell).trim()),
  );
}

describe('the page', () => {
  test('shows nothing of the subject, an agent or the request as markup', async () => {
    const page = await pageOf();
    expect(page).not.toMatch(/<script|<img/i);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;script&gt;alert(2)&lt;/script&gt;');
    expect(page).toContain('&lt;img src=x onerror=alert(3)&gt;');
    expect(page).toContain('Model D is &lt;b&gt;better&lt;/b&gt;');
  });

  test('says what control files asked for, what became of it, and what is wrong with them', async () => {
    const asked = { line: 3, discovery: null, index: null };
    const digest = `sha256:${'a'.repeat(64)}` as const;
    const withFiles = (data: ReportData): ReportData => ({
      ...data,
      assignment: {
        ...data.assignment,
        controlFiles: [
          {
            ...{ file: '.sop', digest, problems: [{ line: 9, column: 4, says: 'It is <b>wrong</b>.' }] },
            items: [
              {
                ...asked,
                number: 1,
                text: 'Build <i>it</i>.',
                fate: 'admitted',
                reason: null,
                items: ['code'],
              },
              { ...asked, number: 2, text: 'Test it.', fate: 'admitted', reason: null, items: ['nobody'] },
              {
                ...asked,
                number: 3,
                text: 'Praise it.',
                fate: 'follow-up',
                reason: 'Nobody can.',
                items: [],
              },
            ],
          },
        ],
      },
    });
    const page = await pageOf(withFiles);
    expect(rowsUnder(page, 'Line What it asks for')).toEqual([
      ['Line', 'What it asks for', 'What became of it', 'Items'],
      ['3', 'Build &lt;i&gt;it&lt;/i&gt;.', 'done', 'code'],
      ['3', 'Test it.', 'not completed', 'nobody'],
      ['3', 'Praise it.', 'follow-up: Nobody can.', ''],
    ]);
    expect(textOf(page)).toContain('.sop:9:4 It is &lt;b&gt;wrong&lt;/b&gt;.');
    const continuity = continuityPage(withFiles(await dataOf()));
    expect(continuity).toMatch(/^- .*sop:3: "Praise it\." was not done\. Nobody can\.$/m);
    expect(continuity).toContain('sop:9:4: It is ');
    expect(continuity).not.toMatch(/Build|Test it|<b>/);
  });

  test('refers to nothing outside and forbids to load anything', async () => {
    const page = await pageOf();
    expect(page).not.toMatch(/<[^>]*\b(?:src|action|on\w+)\s*=|url\(|@import/i);
    expect(page.match(/href="(?!#[a-z]+")/g)).toBeNull();
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test('leads from its contents to sections that are there', async () => {
    const page = await pageOf();
    const led = [...page.matchAll(/href="#([a-z]+)"/g)].map(([, id]) => id);
    expect(led.length).toBeGreaterThan(8);
    expect([...page.matchAll(/<section id="([a-z]+)"/g)].map(([, id]) => id)).toEqual(led);
  });

  test('says what was decided, delivered, verified, and how to check it', async () => {
    const text = textOf(await pageOf());
    for (const said of [
      'PROCEED Delivered: Model D',
      '15 of 15 verdicts of independent verifiers accept',
      'A 100 % of the faults that were seeded',
      'heptad verify PATH --expect-run small',
      'someone who holds all the keys',
      'Times are claimed',
      'not yet sealed',
      'This page was made when the package was assembled',
    ])
      expect(text).toContain(said);
  });

  test('draws when each phase was, one after the other, and its parts', async () => {
    const page = await pageOf();
    const bars = [...page.matchAll(/<i class="phase " style="left:([\d.]+)%;width:([\d.]+)%">/g)];
    expect(bars).toHaveLength(5);
    const ends = bars.map(([, left, width]) => [Number(left), Number(left) + Number(width)] as const);
    for (const [index, [from]] of ends.entries())
      expect(from).toBeGreaterThanOrEqual(ends[index - 1]?.[1] ?? 0);
    expect(ends.at(-1)?.[1]).toBeCloseTo(100, 1);
    expect(page).toContain('improve-a, attempt 2');
    expect(page).toContain('2, 1 with unknown end');
  });

  test('has a line for every candidate and for Model D, and marks what is delivered', async () => {
    const page = await pageOf();
    const rows = rowsUnder(page, 'Result Fitness');
    expect(rows.slice(1).map(([name]) => name)).toEqual(['Candidate A', 'Candidate B', 'Model D']);
    expect([...page.matchAll(/<tr class="best"><td class="of">([^<]+)/g)].map(([, name]) => name)).toEqual([
      'Model D',
    ]);
  });

  test('calls a repaired candidate otherwise than the one that was rejected', async () => {
    const page = await pageOf((data) => {
      const [first] = data.judgement.standings;
      if (!first) throw new Error('There is a candidate.');
      const repaired: Standing = { ...first, item: `${first.item}-repair`, workspace: first.workspace };
      const standings = [...data.judgement.standings, repaired];
      return { ...data, judgement: { ...data.judgement, standings } };
    });
    const names = rowsUnder(page, 'Result Fitness').map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('Candidate A repaired');
  });

  test('says from whom Model D has each part', async () => {
    const page = await pageOf();
    expect(rowsUnder(page, 'File Part From').slice(1)).toEqual([['index.js', 'p1', 'A']]);
    expect(textOf(page)).toContain('A: 1');
  });

  test('shows no Model D beside the candidates where the merge ended with one of them', async () => {
    const page = reportPage(await dataOf({ changed: null }));
    expect(
      rowsUnder(page, 'Result Fitness')
        .slice(1)
        .map(([name]) => name),
    ).toEqual(['Candidate A', 'Candidate B']);
    expect(page).toContain('<tr class="best"><td class="of">Candidate A</td>');
    expect(textOf(page)).toContain('Nothing better was found.');
  });

  test('opens what a verifier rejected', async () => {
    const page = await pageOf((data) => ({
      ...data,
      evidence: data.evidence.map((one) => ({
        ...one,
        verdicts: one.verdicts.map((verdict) =>
          one.phase === 'assign' && verdict.pass === 'B'
            ? {
                ...verdict,
                passed: false,
                checks: [{ check: 'again', ok: false, says: 'It <i>differs</i>.' }],
              }
            : verdict,
        ),
      })),
    }));
    expect(page.match(/<details open>/g)).toHaveLength(1);
    expect(page).toContain('It &lt;i&gt;differs&lt;/i&gt;.');
    expect(textOf(page)).toContain('14 of 15 verdicts');
  });

  test('names who worked and what confined it', async () => {
    const page = await pageOf();
    const agents = rowsUnder(page, 'Agent Version').slice(1);
    expect(agents.map(([id]) => id)).toContain('agent.improve-a');
    expect(rowsUnder(page, 'Isolation User')[1]).toEqual([
      'bubblewrap',
      'nobody',
      'cgroup, 256 MiB',
      'cgroup, 32',
      'tmpfs, 64 MiB',
      'none',
      '5',
      'ingest, assign, execute, coordinate, verify',
    ]);
  });

  test('colours the lines of the patch', async () => {
    const page = await pageOf();
    expect(page).toContain('<span class="add">+const a = 1;</span>');
    expect(page).toContain('<span class="del">-var a = 1;</span>');
  });
});

test.each([
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.540Z', '1.5 s'],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T00:02:05.000Z', '2 min 5 s'],
  ['2026-01-01T00:00:00.000Z', '2026-01-01T03:07:00.000Z', '3 h 7 min'],
  [null, '2026-01-01T00:02:05.000Z', ''],
  ['yesterday', 'today', ''],
])('from %s to %s it took "%s"', (from, to, expected) => {
  expect(duration(from, to)).toBe(expected);
});

test('a time is told in UTC, and what is none as it is', () => {
  expect(shortTime('2026-01-01T12:30:00.500+02:00')).toBe('2026-01-01 10:30:00 UTC');
  expect(shortTime('<soon>')).toBe('<soon>');
});
