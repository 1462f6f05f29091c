/** What the rollups of tests add up. */
export const OUTCOMES = ['tests', 'passed', 'score', 'timed', 'duration'];
/** The same of single tests, as the view `agent_tests` has them. */
export const OF_TESTS = `count(*) AS tests, count(*) FILTER (WHERE passed) AS passed, sum(score) AS score,
       count(duration) AS timed, coalesce(sum(duration), 0) AS duration`;
/** The same of rows of rollups. */
export const OF_ROLLUPS = `sum(tests) AS tests, sum(passed) AS passed, sum(score) AS score, sum(timed) AS timed,
       sum(duration) AS duration`;
