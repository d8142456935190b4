/** The page's style; it refers to nothing outside. */
export const style = `
:root { color-scheme: light dark; --line: #8884; --good: #0a7a3d; --bad: #b3261e; --soft: #8881; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: 0; }
h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .6rem; }
pre span { display: block; white-space: pre; min-height: 1.45em; }
.add { background: #0a7a3d22; } .del { background: #b3261e22; } .hunk { color: #6750a4; } .file { font-weight: 600; background: var(--soft); }
.yes { color: var(--good); } .no { color: var(--bad); } .soft { opacity: .75; }
.decision { font-size: 1.1rem; font-weight: 600; }
tr.best { background: var(--soft); }
@media (prefers-color-scheme: dark) { :root { --good: #6fd08c; --bad: #ff8a80; } .hunk { color: #cfbcff; } }
`;
