/** The name of the author's program in stacks. */
export const codeFile = 'code.js';

/** UTF-16 units of each text of an error that is told. */
const errorText = 500;

/**
 * The part of ours inside the sandbox. It is evaluated before the author's program, and keeps what it uses of the
 * language, because whatever is global may be another by the time it is called.
 *
 * - `call(main, inputs)`: what `main` returns for these inputs, which are JSON.
 * - `tell(value, most)`: `j` and the value as JSON; `n` where it is none; `l` and its length where that is more than `most`.
 * - `describe(thrown)`: name, message and stack as JSON, whatever was thrown.
 */
export const sandboxScript = `(() => {
  'use strict';
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { slice } = String.prototype;
  const isObject = (value) => typeof value === 'object' && value !== null;
  const textOf = (read) => {
    try {
      return apply(slice, \`\${read()}\`, [0, ${errorText}]);
    } catch {
      return '';
    }
  };
  const plain = (thrown) => textOf(() => (typeof thrown === 'string' ? thrown : stringify(thrown)));
  return {
    call: (main, inputs) => main(parse(inputs)),
    tell: (value, most) => {
      const text = stringify(value);
      if (text === undefined) return 'n';
      return text.length > most ? \`l\${text.length}\` : \`j\${text}\`;
    },
    describe: (thrown) => {
      const message = textOf(() => (isObject(thrown) && 'message' in thrown ? thrown.message : plain(thrown)));
      // Without a prototype: there may be a toJSON in it by now.
      return stringify({
        __proto__: null,
        name: isObject(thrown) ? textOf(() => thrown.name ?? '') : '',
        message,
        stack: isObject(thrown) ? textOf(() => thrown.stack ?? '') : '',
      });
    },
  };
})()`;
