/** For tests: temporary clusters, and access to the processes of a server. */
export { findPostmaster } from './postmaster-pid.js';
export { postgresProcessesOn } from './process-table.js';
export { runProgram } from './program.js';
export { changeOwner, nobody, nodeRunsAsRoot, type ServerUser } from './server-user.js';
export { startTestCluster, type TestCluster, type TestClusterOptions } from './test-cluster.js';
