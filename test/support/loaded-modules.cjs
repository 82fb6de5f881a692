// For node --require: as the process ends, what it has loaded goes to the file that PANOPTES_LOADED names, as JSON: modules of node
// itself, and files. `node -e 0` with it tells what every run of this version loads.
const { writeFileSync } = require('node:fs');

process.on('exit', () => {
  const builtin = process.moduleLoadList
    .filter((name) => name.startsWith('NativeModule '))
    .map((name) => name.slice('NativeModule '.length));
  writeFileSync(process.env.PANOPTES_LOADED, JSON.stringify({ builtin, files: Object.keys(require.cache) }));
});
