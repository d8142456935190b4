/**
 * A glob of ignore files and of `files`, for a whole path relative to its folder: `**` for any folders, `*` and `?`
 * within a name, `[…]` for one character of a set. Names that begin with a dot are names like others.
 */
export function globPattern(glob: string): RegExp {
  let source = '';
  for (let at = 0; at < glob.length; ) {
    const [text, replaced] = tokenAt(glob, at);
    source += replaced;
    at += text;
  }
  try {
    return new RegExp(`^${source}$`, 's');
  } catch {
    // A set such as [z-a] is none: then the glob is what it spells.
    return new RegExp(`^${escaped(glob)}$`, 's');
  }
}

/** Length of what stands there, and what it is as a regular expression. */
function tokenAt(glob: string, at: number): [length: number, source: string] {
  const rest = glob.slice(at);
  const folders = at === 0 || glob[at - 1] === '/';
  if (folders && rest.startsWith('**/')) return [3, '(?:[^/]+/)*'];
  if (folders && rest === '**') return [2, '.+'];
  const stars = /^\*+/.exec(rest)?.[0];
  if (stars) return [stars.length, '[^/]*'];
  if (rest.startsWith('?')) return [1, '[^/]'];
  const set = /^\[([!^]?)((?:\\.|[^\]\\])+)\]/.exec(rest);
  if (set) return [set[0].length, `[${set[1] ? '^/' : ''}${(set[2] ?? '').replace(/\\?([[\]^])/g, '\\$1')}]`];
  if (rest.startsWith('\\') && rest.length > 1) return [2, escaped(rest[1] ?? '')];
  return [1, escaped(rest[0] ?? '')];
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
