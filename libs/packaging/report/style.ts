/** The page's style; it refers to nothing outside. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2430; --dim: #5b6675; --line: #d7dce3; --soft: #f3f5f8; --page: #fff; --good: #0b6b3a; --good-soft: #e3f4ea; --bad: #a3261c; --bad-soft: #fbe7e5; --warn: #7a5200; --warn-soft: #fdf2d8; --bar: #3d6fb4; --bar-soft: #b9cde8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ee; --dim: #9aa6b5; --line: #343c47; --soft: #1c2229; --page: #12161b; --good: #7fd6a2; --good-soft: #14301f; --bad: #ff9c92; --bad-soft: #3a1a17; --warn: #f0c76a; --warn-soft: #352a10; --bar: #6f9fdf; --bar-soft: #2c4568; } }
* { box-sizing: border-box; }
body { font: 15px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 76rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.6rem 0 .7rem; padding-bottom: .25rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .5rem 0; max-width: 60rem; } ul, ol { padding-left: 1.3rem; } li { margin: .2rem 0; }
code, pre { font: 12.5px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--dim); text-underline-offset: .15em; }
.soft { color: var(--dim); } .yes { color: var(--good); } .no { color: var(--bad); }
.scroll { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--dim); font-size: 12.5px; white-space: nowrap; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.of { white-space: nowrap; } td { overflow-wrap: break-word; } td.mid { min-width: 8.5rem; } td.wide { min-width: 13rem; overflow-wrap: anywhere; } tr.best > td { background: var(--good-soft); } tr.best > td:first-child { font-weight: 600; }
.top { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: center; margin: .8rem 0; }
.badge { display: inline-block; padding: .15rem .6rem; border-radius: 1rem; font-weight: 600; font-size: 13px; background: var(--soft); border: 1px solid var(--line); white-space: nowrap; }
.badge.yes { background: var(--good-soft); border-color: transparent; } .badge.no { background: var(--bad-soft); border-color: transparent; } .badge.warn { background: var(--warn-soft); color: var(--warn); border-color: transparent; }
.decision { font-size: 1.05rem; padding: .3rem .9rem; }
.note { border-left: 4px solid var(--warn); background: var(--warn-soft); padding: .7rem 1rem; margin: .8rem 0; } .note.stop { border-color: var(--bad); background: var(--bad-soft); } .note h3 { margin-top: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.cards li { border: 1px solid var(--line); border-radius: .5rem; padding: .7rem .9rem; margin: 0; background: var(--soft); }
.cards b { display: block; font-size: 1.25rem; line-height: 1.3; font-variant-numeric: tabular-nums; } .cards span { color: var(--dim); font-size: 13px; }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; font-size: 13.5px; margin: 1rem 0; }
.lines { display: grid; grid-template-columns: minmax(6rem, 14rem) 1fr 4.5rem; gap: .2rem .8rem; align-items: center; font-size: 13px; margin: .8rem 0; }
.lines .of { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .lines .sub { padding-left: 1rem; color: var(--dim); } .lines .n { text-align: right; font-variant-numeric: tabular-nums; color: var(--dim); }
.track { position: relative; height: 1rem; background: var(--soft); border-radius: .2rem; } .track i { position: absolute; top: 0; bottom: 0; border-radius: .2rem; background: var(--bar); min-width: 2px; } .track i.part { top: .25rem; bottom: .25rem; background: var(--bar-soft); } .track i.bad { background: var(--bad); }
.share { display: flex; height: 1.5rem; border-radius: .3rem; overflow: hidden; font-size: 12px; margin: .6rem 0; } .share i { font-style: normal; padding: 0 .5rem; line-height: 1.5rem; background: var(--bar-soft); border-right: 2px solid var(--page); overflow: hidden; white-space: nowrap; } .share i.base { background: var(--soft); }
.meter { display: inline-block; width: 5rem; height: .5rem; background: var(--line); border-radius: .25rem; overflow: hidden; vertical-align: middle; } .meter i { display: block; height: 100%; background: var(--bar); }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr)); gap: 1rem 2rem; }
details { margin: .3rem 0; } summary { cursor: pointer; } details table { margin: .3rem 0 .8rem; }
pre { overflow-x: auto; background: var(--soft); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem .9rem; }
pre.command { font-size: 14px; white-space: pre-wrap; } pre.diff { padding: .5rem 0; } pre.diff span { display: block; white-space: pre; min-height: 1.5em; padding: 0 .9rem; width: max-content; min-width: 100%; }
.add { background: var(--good-soft); } .del { background: var(--bad-soft); } .hunk { color: var(--dim); } .file { font-weight: 600; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 2px solid var(--line); color: var(--dim); font-size: 13.5px; }
@media (max-width: 40rem) { body { padding: 1rem .8rem 3rem; } h1 { font-size: 1.35rem; } .lines { grid-template-columns: minmax(5rem, 7.5rem) 1fr 3.4rem; gap: .2rem .5rem; } .cards { grid-template-columns: 1fr 1fr; } .cards b { font-size: 1.05rem; } }
@media print { body { max-width: none; padding: 0; } details > * { display: block; } nav { display: none; } h2 { break-after: avoid; } tr, .cards li { break-inside: avoid; } }
`;
