// Mocha's own report, and the counts in the file that MERLON_RESULT names.
const fs = require('node:fs');
const { default: Mocha } = require('mocha');

module.exports = class extends Mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      if (process.env.MERLON_RESULT)
        fs.writeFileSync(process.env.MERLON_RESULT, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
