export { startTestCluster, type TestCluster, type TestClusterOptions } from 'lvlup-embedded-postgres/testing';
