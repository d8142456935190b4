import npa from 'npm-package-arg';
import { canonicalJson } from '../artifacts/canonical-json.js';
import { resumedChecks, resumedSubject } from '../continuation/resumed.js';
import type { ParsedRequest } from '../contracts/request.js';
import type { Resumption } from '../contracts/resumption.js';
import type { Subject } from '../contracts/subject.js';
import { allowedPlace } from '../delivery/allowed-place.js';
import { localPlace } from '../delivery/place-of.js';
import { targetProblems } from '../delivery/target-problems.js';
import { HeptadError, type Problem } from '../protocol/errors.js';
import { findSecrets } from '../secrets/find-secrets.js';
import { checkLocal } from '../subjects/check-local.js';
import { parseText } from '../subjects/parse-text.js';
import { count } from '../synthesis/order.js';

/** What a check looked at, when it found nothing. */
export interface CheckResult {
  readonly check: string;
  readonly says: string;
}

/** Bounds of a request. */
export const bounds = { inputBytes: 64 * 1024, depth: 10, commandCharacters: 2000, tools: 50 } as const;

/** Where things may be on this machine, and what the request goes on from. */
export interface Places {
  /** Folders below which directories and local repositories may be subjects; absolute. */
  readonly roots: readonly string[];
  /** Folders below which packages may be delivered; absolute. */
  readonly deliveryRoots: readonly string[];
  /** Default: null, it starts anew. */
  readonly resumption?: Resumption | null;
}

/**
 * Checks a request for security before anything of it is fetched, stored or executed.
 *
 * @returns each check with what it looked at, and the subject with its real path where it is on this machine
 * @throws HeptadError `InputInvalid` with every problem found
 * @throws HeptadError `SubjectNotAllowed`, `SubjectUnknown`, `SubjectInvalid` as `checkLocal` does
 */
export async function checkRequest(
  parsed: ParsedRequest,
  { roots, deliveryRoots, resumption }: Places,
): Promise<{ readonly checks: CheckResult[]; readonly subject: Subject }> {
  const checks = await checkForm(parsed);
  await checkPlaces(parsed, deliveryRoots);
  if (resumption)
    return {
      checks: [...checks, ...resumedChecks(resumption)],
      subject: resumedSubject(parsed.subject, resumption),
    };
  const subject = await checkLocal(parsed.subject, roots);
  return { checks: [...checks, rootsCheck(subject)], subject };
}

/**
 * Those of the checks that look at the request alone, not at this machine.
 *
 * @throws HeptadError `InputInvalid` with every problem found
 */
export async function checkForm(parsed: ParsedRequest): Promise<CheckResult[]> {
  // The size first: the others walk through all of it.
  const size = checkSize(parsed);
  if (size.problems.length > 0) throw refused(size.problems);
  const checks = [
    size,
    checkCharacters(parsed),
    checkSubject(parsed),
    checkTest(parsed),
    checkTargets(parsed),
    await checkSecrets(parsed),
  ];
  const problems = checks.flatMap((check) => check.problems);
  if (problems.length > 0) throw refused(problems);
  return checks.map(({ check, says }) => ({ check, says }));
}

interface Check extends CheckResult {
  readonly problems: readonly Problem[];
}

const refused = (problems: readonly Problem[]): HeptadError =>
  new HeptadError(
    'InputInvalid',
    `The request was refused by its security checks:\n${problems.map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')}`,
    { problems },
  );

function checkSize({ input }: ParsedRequest): Check {
  const depth = depthOf(input);
  if (depth > bounds.depth)
    return {
      check: 'size',
      says: '',
      problems: [{ path: '/input', reason: `It is nested deeper than ${bounds.depth} levels.` }],
    };
  const bytes = Buffer.byteLength(canonicalJson(input));
  return {
    check: 'size',
    says: `The input has ${bytes} bytes and ${depth} levels; ${bounds.inputBytes} and ${bounds.depth} are accepted.`,
    problems:
      bytes > bounds.inputBytes
        ? [{ path: '/input', reason: `It has ${bytes} bytes; ${bounds.inputBytes} are accepted.` }]
        : [],
  };
}

/** Levels of nesting, counted level by level, so that no depth can overflow the stack; it stops above the bound. */
function depthOf(value: unknown): number {
  let level: unknown[] = [value];
  for (let depth = 0; ; depth += 1) {
    const inner = level
      .filter((one) => typeof one === 'object' && one !== null)
      .flatMap((one) => Object.values(one as object));
    if (inner.length === 0 || depth > bounds.depth) return depth;
    level = inner;
  }
}

// Control characters, and those that turn the direction of text round so that it reads as something else.
const forbidden = /[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;
const forbiddenInText = /(?![\t\n\r])[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;

function checkCharacters({ input, subject, sentence, deliver = [] }: ParsedRequest): Check {
  const strings = [...stringsOf(input, '/input'), ...stringsOf(deliver, '/deliver')];
  // Lines and tabs belong to a text; a name has none.
  const lines = subject.kind === 'text' ? '/input/subject' : undefined;
  const bad = strings
    .filter(({ path, text }) => (path === lines ? forbiddenInText : forbidden).test(text))
    .map(({ path }) => path);
  if (sentence !== undefined && forbiddenInText.test(sentence)) bad.push('/request');
  return {
    check: 'control characters',
    says: `None in ${strings.length} texts and names.`,
    problems: bad.map((path) => ({
      path,
      reason: 'It holds a control character or one that turns the direction of text.',
    })),
  };
}

function stringsOf(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = `${path}/${key
      .replaceAll('~', '~0')
      .replaceAll('/', '~1')
      .replaceAll(/\p{Cc}/gu, '?')}`;
    return [{ path: place, text: key }, ...stringsOf(inner, place)];
  });
}

/** What git takes as an option, as a program to run, or as something else than one name. */
function checkSubject({ subject }: ParsedRequest): Check {
  const path = '/input/subject';
  const problems: Problem[] = [];
  const refuse = (reason: string): number => problems.push({ path, reason });
  switch (subject.kind) {
    case 'npm':
      if (!isFromRegistry(subject.name, subject.version, ['version', 'range', 'tag']))
        refuse('It is not a package of the registry with a version, range or tag.');
      break;
    case 'directory':
      if (subject.path.startsWith('-')) refuse('A folder does not begin with a hyphen.');
      break;
    case 'text': {
      const parsed = parseText(subject.text);
      if ('reason' in parsed) refuse(parsed.reason);
      else if (parsed.text !== subject.text) refuse('The text is not in the form in which it is stored.');
      break;
    }
    case 'git': {
      const { url, ref } = subject;
      if (url.startsWith('-') || (ref ?? '').startsWith('-'))
        refuse('Neither address nor reference begins with a hyphen.');
      if (/^[a-z0-9+.-]*::/i.test(url)) refuse('The address names a transport helper (`::`).');
      if (hasCredentials(url))
        refuse('The address carries credentials; git asks its own configuration for them.');
      if (ref !== undefined && (/\.\.|@\{|[\s~^:?*[\\]/.test(ref) || ref.endsWith('.lock')))
        refuse('The reference is not the name of a branch, tag or commit.');
    }
  }
  return {
    check: 'subject',
    says:
      subject.kind === 'text'
        ? `A text of ${count(subject.text.length, 'character')}, which is stored as it is.`
        : `A subject of the kind ${subject.kind}, whose address is one of the accepted forms.`,
    problems,
  };
}

function hasCredentials(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  // `ssh://git@host` names the account that every user of the host shares.
  return password !== '' || (username !== '' && !/ssh:$/.test(protocol));
}

function checkTest({ test }: ParsedRequest): Check {
  if (test === undefined)
    return { check: 'test command', says: 'None was given; the one of the subject is used.', problems: [] };
  const problems: Problem[] = [];
  const tools = Object.entries(test.tools);
  if (test.command.trim() === '') problems.push({ path: '/input/test/command', reason: 'It says nothing.' });
  if (test.command.length > bounds.commandCharacters)
    problems.push({
      path: '/input/test/command',
      reason: `It is longer than ${bounds.commandCharacters} characters.`,
    });
  if (tools.length > bounds.tools)
    problems.push({ path: '/input/test/tools', reason: `There are more than ${bounds.tools}.` });
  for (const [name, version] of tools)
    if (!isFromRegistry(name, version, ['version', 'range']))
      problems.push({
        path: `/input/test/tools/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        reason: 'It is not a package of the registry with a version or range.',
      });
  return {
    check: 'test command',
    says: `One line of ${test.command.length} characters with ${tools.length} tools, each a package of the registry. It is only run in a sandbox.`,
    problems,
  };
}

/** Whether a package, or what an alias stands for, is named in one of these ways: not by address, file or folder. */
function isFromRegistry(name: string, version: string, ways: readonly string[]): boolean {
  try {
    const resolved = npa.resolve(name, version);
    return ways.includes('subSpec' in resolved ? resolved.subSpec.type : resolved.type);
  } catch {
    // npm-package-arg throws for names and versions that npm refuses.
    return false;
  }
}

function checkTargets({ deliver = [] }: ParsedRequest): Check {
  return {
    check: 'delivery',
    says:
      deliver.length === 0
        ? 'The package goes to its folder alone.'
        : `The package goes to ${count(deliver.length, 'more place')}, named in an accepted form.`,
    problems: targetProblems(deliver),
  };
}

/** Whether folders and repositories on this machine are where packages may be delivered. */
async function checkPlaces({ deliver = [] }: ParsedRequest, roots: readonly string[]): Promise<void> {
  const problems: Problem[] = [];
  for (const [index, target] of deliver.entries()) {
    const local = localPlace(target);
    if (local === undefined) continue;
    try {
      await allowedPlace(local.path, roots);
    } catch (error) {
      if (!(error instanceof HeptadError)) throw error;
      problems.push({ path: `/deliver/${index}/${local.member}`, reason: error.message });
    }
  }
  if (problems.length > 0) throw refused(problems);
}

async function checkSecrets({ input, sentence, deliver = [] }: ParsedRequest): Promise<Check> {
  const texts = [
    ...stringsOf(input, '/input'),
    ...stringsOf(deliver, '/deliver'),
    ...(sentence === undefined ? [] : [{ path: '/request', text: sentence }]),
  ];
  const problems: Problem[] = [];
  for (const { path, text } of texts)
    for (const { rule } of await findSecrets(text, 'request.txt'))
      problems.push({
        path,
        reason: `It looks like it holds a secret (${rule}). A request is stored for good: leave it out.`,
      });
  return {
    check: 'secrets',
    says: `None found in ${texts.length} texts and names, by secretlint's recommended rules.`,
    problems,
  };
}

/** The check that a subject on this machine is where subjects may be, passed. */
export const rootsCheck = (subject: Subject): CheckResult => ({
  check: 'roots',
  says:
    subject.kind === 'directory' || (subject.kind === 'git' && subject.url.startsWith('/'))
      ? 'The subject is below a root that is allowed, and no link in it leads out.'
      : subject.kind === 'text'
        ? 'The subject is the text itself; nothing that it names is looked up.'
        : 'The subject is not on this machine.',
});
