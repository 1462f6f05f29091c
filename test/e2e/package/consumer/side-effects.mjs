// Imports the library and prints its side effects: variables that it reads, and resources that it opens.
const LIBRARY = /lvlup-agent-metrics\/dist\//;
const read = [];
const { env } = process;
process.env = new Proxy(env, {
  get(variables, name) {
    const caller = new Error().stack.split('\n')[2] ?? '';
    if (LIBRARY.test(caller)) read.push(name);
    return variables[name];
  },
});
// The first access opens a stream; Nest accesses both.
void [process.stdout, process.stderr];
const before = process.getActiveResourcesInfo();
const library = await import('lvlup-agent-metrics');
const opened = process.getActiveResourcesInfo().slice(before.length);
console.log(JSON.stringify({ exports: Object.keys(library).sort(), read, opened }));
