/**
 * A program that loads what its first argument names and writes what that exports, as JSON, to the file that its second
 * one names: source text, because it is run where nothing of ours is. Names of functions and classes that a value is
 * made of are `name`, `name#method`; each has its type and, where it is a function, its number of arguments. Of more than 5000 names the others are left out.
 */
export const loader = `'use strict';
const { writeFileSync } = require('fs');
const [, , specifier, target] = process.argv;
const said = (result) => {
  writeFileSync(target, JSON.stringify(result));
  process.exit(0);
};
const ordinary = new Set(['length', 'name', 'prototype', 'arguments', 'caller', 'constructor', '__esModule']);
const kindOf = (value) => (typeof value === 'function' ? 'function/' + value.length : value === null ? 'null' : typeof value);
const valueOf = (holder, name) => {
  try {
    return holder[name];
  } catch {
    return undefined;
  }
};
const most = 5000;
let listed = 0;
function shapeOf(exported) {
  const shape = { '': kindOf(exported) };
  const list = (holder, prefix) => {
    for (const name of Object.getOwnPropertyNames(holder).sort()) {
      if (ordinary.has(name)) continue;
      if ((listed += 1) > most) return;
      const value = valueOf(holder, name);
      shape[prefix + name] = kindOf(value);
      if (typeof value === 'function' && prefix === '') methods(value, name + '#');
    }
  };
  const methods = (made, prefix) => {
    if (typeof made.prototype === 'object' && made.prototype !== null) list(made.prototype, prefix);
  };
  if (typeof exported === 'function') methods(exported, '#');
  if ((typeof exported === 'object' && exported !== null) || typeof exported === 'function') list(exported, '');
  return shape;
}
async function load() {
  try {
    return require(specifier);
  } catch (error) {
    if (!['ERR_REQUIRE_ESM', 'ERR_REQUIRE_ASYNC_MODULE', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes(error && error.code)) throw error;
    return await import(specifier);
  }
}
load().then(
  (exported) => said({ loads: true, shape: shapeOf(exported) }),
  (error) => said({ loads: false, reason: String((error && error.code) || (error && error.name) || error) + ': ' + String((error && error.message) || '') }),
);
`;
