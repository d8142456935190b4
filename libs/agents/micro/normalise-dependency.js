/**
 * Input: `{ name, spec }`, a dependency as package.json has it. Output: what kind of specification it is, of which package,
 * and what part of it says which versions.
 */

const version = /^[v=\s]*\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;
const range = /^[\s\dxX*^~<>=|&.,+A-Za-z-]*$/;
const tag = /^[A-Za-z][\w.-]*$/;
const hosted = /^(?:(github|gitlab|bitbucket|gist):)?([\w.-]+\/[\w.-]+)(?:#(.+))?$/;
const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;

function registry(name, spec) {
  const wanted = spec.trim();
  if (wanted === '' || wanted === '*' || wanted === 'x') return { name, kind: 'range', range: '*' };
  if (version.test(wanted)) return { name, kind: 'version', range: wanted.replace(/^[v=\s]+/, '') };
  if (tag.test(wanted) && !/^[xX]$|^[vV]\d/.test(wanted)) return { name, kind: 'tag', range: wanted };
  if (range.test(wanted))
    return { name, kind: 'range', range: wanted.replace(/\s+/g, ' ').replace(/([<>=^~]) (?=\d)/g, '$1') };
  throw new TypeError('the specification is of no known kind');
}

// biome-ignore lint/correctness/noUnusedVariables: it is called by its name
function agent({ name, spec }) {
  if (typeof name !== 'string' || !packageName.test(name))
    throw new TypeError('the name is that of no package');
  if (typeof spec !== 'string' || spec.length > 2000) throw new TypeError('a specification is a string');
  const alias = /^npm:((?:@[^/@]+\/)?[^@]+)(?:@(.*))?$/.exec(spec);
  if (alias) return { ...registry(alias[1], alias[2] ?? ''), alias: name };
  if (/^workspace:/.test(spec)) return { name, kind: 'workspace', range: spec.slice('workspace:'.length) };
  if (/^(?:file|link):/.test(spec) || /^(?:\.{1,2}\/|~\/|\/)/.test(spec))
    return { name, kind: 'folder', range: spec.replace(/^(?:file|link):/, '') };
  if (/^git(?:\+[a-z]+)?:|^git@|\.git(?:#|$)/.test(spec)) {
    const [address, at] = spec.split('#');
    return { name, kind: 'git', range: at ?? 'HEAD', from: address };
  }
  if (/^https?:/.test(spec)) return { name, kind: 'archive', range: spec };
  const place = hosted.exec(spec);
  if (place)
    return { name, kind: 'git', range: place[3] ?? 'HEAD', from: `${place[1] ?? 'github'}:${place[2]}` };
  return registry(name, spec);
}
