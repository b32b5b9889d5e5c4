/**
 * Adds up vitest's JSON report. A file that failed without a failed test (it could not be loaded, or a hook threw)
 * counts as one failure; so does a run that failed for another reason than a test (an unhandled error, no tests at all).
 */
export function summarize(report, exitCode) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failedTests = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  const brokenFiles = files
    .filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some(isFailure))
    .map(({ name, message }) => `${name}: ${firstLine(message)}`);
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const failures = [...failedTests, ...brokenFiles];
  if (failures.length === 0 && exitCode !== 0) failures.push('the test run itself (see its output above)');
  if (failures.length === 0 && passed === 0) failures.push('no test ran');
  return { passed, failures, skipped: skipped.map(({ fullName }) => fullName) };
}

/** The line that says how it went, e.g. `412 passed, 0 failed`. */
export function closingLine({ passed, failures, skipped }) {
  const line = `${passed} passed, ${failures.length} failed`;
  return skipped.length > 0 ? `${line}, ${skipped.length} skipped` : line;
}

function isFailure({ status }) {
  return status === 'failed';
}

function firstLine(text = '') {
  return text.trim().split('\n')[0] || 'a hook failed, so that tests did not run';
}
