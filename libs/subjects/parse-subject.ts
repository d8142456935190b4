import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import npa from 'npm-package-arg';
import { hasControlCharacters, printable } from '../artifacts/snapshot/paths.js';
import type { Subject } from '../contracts/subject.js';
import { HeptadError } from '../protocol/errors.js';
import { parseText } from './parse-text.js';

/** Longest name of a subject that is accepted, in characters. A text may be longer. */
const longest = 2000;

/**
 * Parses what a person writes for a subject: `npm:NAME@VERSION` (a range or tag is resolved at capture; optional
 * `#sha512-…`), a git repository (`https://….git`, `git+https://…`, `ssh://…`, `user@host:path`, `file://…`, or a path
 * that ends in `.git`; optional `#REF`), `text:` and a text, else a folder. Nothing is looked up.
 *
 * @param base the folder that relative paths start from. Default the working folder of the process
 * @throws HeptadError `InputInvalid` with the path `/subject`, the reason and what to do
 */
export function parseSubject(text: string, base: string = process.cwd()): Subject {
  if (text.trim() === '')
    refuse('It is empty.', 'Name a package, a folder or a git repository, or write "text:" and a request.');
  if (text.startsWith('text:')) return textSubject(text.slice('text:'.length));
  if (text.length > longest) refuse(`It is longer than ${longest} characters.`, 'Use a shorter path.');
  if (hasControlCharacters(text) || !text.isWellFormed())
    refuse('It contains a control character.', 'Remove it.');
  if (text.startsWith('-'))
    refuse('It starts with "-", as an option does.', 'Write ./ before the name of a folder.');
  if (/^[^/\s]*::/.test(text))
    refuse('Transport helpers of git ("::") are not accepted.', 'Use https or ssh.');
  if (text.startsWith('npm:')) return npmSubject(text.slice('npm:'.length));
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) || /^[^/\s]+@[^/\s]+:/.test(text)) return remoteSubject(text);
  const [path, ref] = splitRef(text);
  if (path.replace(/\/+$/, '').endsWith('.git')) return gitSubject(resolve(base, path), ref);
  return { kind: 'directory', path: resolve(base, text) };
}

function textSubject(written: string): Subject {
  const parsed = parseText(written);
  return 'text' in parsed ? { kind: 'text', text: parsed.text } : refuse(parsed.reason, parsed.advice);
}

function npmSubject(text: string): Subject {
  const [spec, integrity] = splitRef(text);
  if (integrity !== undefined && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))
    refuse(
      'The integrity after "#" is not "sha512-" and 88 characters of base64.',
      'Copy it from a lock file.',
    );
  const cut = spec.indexOf('@', 1);
  const name = cut === -1 ? spec : spec.slice(0, cut);
  const version = cut === -1 ? 'latest' : spec.slice(cut + 1).trim();
  if (name === '' || version === '' || !['version', 'range', 'tag'].includes(typeOf(name, version)))
    refuse('It is not a name and a version, range or tag.', 'Write npm:NAME@VERSION.');
  for (const part of [name, version]) {
    if (part.startsWith('-')) refuse('A part starts with "-", as an option does.', 'Write npm:NAME@VERSION.');
    if (part.includes('..')) refuse('A part contains "..".', 'Write npm:NAME@VERSION.');
  }
  if (name.length > 214 || version.length > 100)
    refuse('The name or version is longer than npm accepts.', 'Write npm:NAME@VERSION.');
  return { kind: 'npm', name, version, ...(integrity === undefined ? {} : { integrity }) };
}

function typeOf(name: string, version: string): string {
  try {
    return npa.resolve(name, version).type;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), 'Write npm:NAME@VERSION.');
  }
}

function remoteSubject(text: string): Subject {
  const [address, ref] = splitRef(text);
  const url = address.replace(/^git\+/, '');
  if (!url.includes('://')) return gitSubject(shortAddress(url), ref);
  const parsed = URL.canParse(url)
    ? new URL(url)
    : refuse('The URL cannot be parsed.', 'Check how it is written.');
  if (parsed.password !== '' || (parsed.username !== '' && parsed.protocol !== 'ssh:'))
    refuse('The URL carries credentials.', 'Remove them and configure a credential helper of git.');
  switch (parsed.protocol) {
    case 'https:':
      if (!address.startsWith('git+') && !parsed.pathname.replace(/\/+$/, '').endsWith('.git'))
        refuse(
          'An https URL is taken for a repository only where it says so.',
          'Write git+ before it, or .git after it.',
        );
      break;
    case 'ssh:':
      break;
    case 'file:':
      return gitSubject(localPath(parsed), ref);
    default:
      refuse(`Addresses with ${printable(parsed.protocol)} are not accepted.`, 'Use https, ssh, or a path.');
  }
  if (hasOptionLikePart([parsed.hostname, parsed.username, ...decoded(parsed.pathname).split('/')]))
    refuse('A part of the URL starts with "-", as an option does.', 'Check how it is written.');
  if (decoded(parsed.pathname).split('/').includes('..') || parsed.hostname === '')
    refuse('The URL has no host, or a path with "..".', 'Check how it is written.');
  return gitSubject(url, ref);
}

// The short form of an ssh address, such as git@host:owner/name.git.
function shortAddress(address: string): string {
  const parts = /^([A-Za-z0-9._-]+)@([A-Za-z0-9.-]+):(?!\/\/)(\S+)$/.exec(address);
  if (parts === null)
    refuse(
      'It is no kind of subject that is known.',
      'Write npm:NAME@VERSION, a folder, or the URL of a repository.',
    );
  if (hasOptionLikePart([...parts.slice(1, 3), ...(parts[3] ?? '').split('/')]))
    refuse('A part of the address starts with "-", as an option does.', 'Check how it is written.');
  return address;
}

function localPath(url: URL): string {
  try {
    if (url.hostname !== '' && url.hostname !== 'localhost')
      refuse('A file URL names a host.', 'Write file:///PATH.');
    const path = fileURLToPath(`file://${url.pathname}`);
    if (hasControlCharacters(path)) refuse('It contains a control character.', 'Remove it.');
    return path;
  } catch (error) {
    if (error instanceof HeptadError) throw error;
    return refuse('The file URL cannot be turned into a path.', 'Write file:///PATH.');
  }
}

function gitSubject(url: string, ref: string | undefined): Subject {
  if (ref === undefined) return { kind: 'git', url };
  if (!/^[A-Za-z0-9][A-Za-z0-9._/+@-]{0,249}$/.test(ref) || /\.\.|\/\/|\/\.|\.lock(\/|$)|[./]$/.test(ref))
    refuse(
      'What follows "#" is not the name of a branch or tag, or a commit.',
      'Write #BRANCH, #TAG or #COMMIT.',
    );
  return { kind: 'git', url, ref };
}

function splitRef(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('#');
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

const hasOptionLikePart = (parts: readonly string[]) => parts.some((part) => part.startsWith('-'));

function decoded(text: string): string {
  try {
    const plain = decodeURIComponent(text);
    return hasControlCharacters(plain) ? refuse('It contains a control character.', 'Remove it.') : plain;
  } catch (error) {
    if (error instanceof HeptadError) throw error;
    return refuse('The URL has an escape that cannot be decoded.', 'Check how it is written.');
  }
}

function refuse(reason: string, advice: string): never {
  throw new HeptadError('InputInvalid', `The subject is not valid: ${printable(reason)} ${advice}`, {
    problems: [{ path: '/subject', reason: `${printable(reason)} ${advice}` }],
  });
}
