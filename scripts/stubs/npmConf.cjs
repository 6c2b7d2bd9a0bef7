// Stands for @pnpm/npm-conf in the bundles. registry-auth-token asks it only where it is given no settings, and it would read
// the .npmrc of whatever folder is the current one: ours always gives some.
module.exports = () => {
  throw new Error('settings of npm are given, never looked for');
};
module.exports.defaults = {};
