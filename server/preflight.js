// Plain JavaScript of any age, so that an old Node prints this line and not a syntax error.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 18)) {
  console.error(
    'Switchboard needs Node 22.18 or newer to run TypeScript directly; this is ' +
      process.version +
      '. Install a newer Node (https://nodejs.org) and run the command again.',
  );
  process.exit(1);
}
