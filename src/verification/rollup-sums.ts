/** Columns with sums in the rollups of tests. */
export const OUTCOMES = ['tests', 'passed', 'score', 'timed', 'duration'];
/** Select list of the sums over rows of the view `agent_tests`. */
export const SUMS_OF_TESTS = `count(*) AS tests, count(*) FILTER (WHERE passed) AS passed, sum(score) AS score,
       count(duration) AS timed, coalesce(sum(duration), 0) AS duration`;
/** Select list of the sums over rows of a rollup. */
export const SUMS_OF_ROLLUPS = `sum(tests) AS tests, sum(passed) AS passed, sum(score) AS score, sum(timed) AS timed,
       sum(duration) AS duration`;
