// npm's install step. Gets the addon: a prebuilt one, or built here. Where neither works the package is
// installed all the same, with one warning: clients need no addon, only capture does.
import { addonIsCurrent, addonPath, buildAddon, complaints, loads, prebuiltPath } from './lib/addon.mjs';
import { isCheckout, say } from './lib/project.mjs';
import { buildNeeds, commandToType, missingOf } from './lib/system.mjs';

const warn = (what, todo) =>
  say(`panoptes: no native addon (${what}): clients work, capture does not. To have it: ${todo}`);
const again = isCheckout() ? 'npm run build' : 'npm rebuild panoptes';

async function install() {
  // `npx panoptes` inside a checkout installs the checkout as a link; nothing is to be built then.
  if (isCheckout() && process.env.npm_command === 'exec') return;
  if (process.env.PANOPTES_SKIP_BUILD) return;
  if (await loads(prebuiltPath)) return;
  if (addonIsCurrent() && (await loads(addonPath))) return;
  const missing = await missingOf(buildNeeds);
  if (missing.length > 0) {
    const names = missing.map((need) => need.name).join(', ');
    return warn(`${names} not found`, `${commandToType(missing)} && ${again}`);
  }
  const { code, text } = await buildAddon();
  if (code !== 0) return warn(complaints(text).split('\n')[0] ?? 'the build failed', again);
  if (!(await loads(addonPath))) warn('it was built but does not load', again);
}

await install();
