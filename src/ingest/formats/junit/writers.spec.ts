import { describe, expect, it } from '@jest/globals';
import { readContentOf } from '../../../../test/support/ingest/read-content.js';

/** Small reports in the forms that the tools write. Each row: outcome and name of a testcase. */
const REPORTS: Readonly<Record<string, [xml: string, rows: string[]]>> = {
  'Maven Surefire': [
    `<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://maven.apache.org/surefire/x.xsd"
       version="3.0.2" name="org.ATest" time="1,234.567" tests="5" errors="1" skipped="1" failures="1" flakes="1">
       <properties><property name="java.version" value="17"/><property name="line.separator" value="&#10;"/></properties>
       <testcase name="ok" classname="org.ATest" time="1,200.5"><system-out><![CDATA[<failure/>]]></system-out></testcase>
       <testcase name="flaky" classname="org.ATest" time="0.1"><flakyFailure message="once" type="AssertionError"><stackTrace><![CDATA[at a]]></stackTrace>
         <system-out><![CDATA[x]]></system-out></flakyFailure></testcase>
       <testcase name="bad" classname="org.ATest" time="0.1"><failure message="no" type="E"><![CDATA[at b]]></failure>
         <rerunFailure message="no" type="E"><stackTrace>at b</stackTrace></rerunFailure><rerunFailure message="no" type="E"/></testcase>
       <testcase name="err" classname="org.ATest" time="0"><error type="java.lang.RuntimeException">at c</error><rerunError/></testcase>
       <testcase name="off" classname="org.ATest" time="0"><skipped message="why"/></testcase></testsuite>`,
    ['passed ok', 'passed flaky', 'failed bad', 'errored err', 'not_run off'],
  ],
  Gradle: [
    `<testsuite name="ATest" tests="2" skipped="0" failures="1" errors="0" timestamp="2026-01-21T03:44:18" hostname="ci" time="0.03">
       <properties/><testcase name="p(String)[1]" classname="ATest" time="0.01"/>
       <testcase name="bad" classname="ATest" time="0.02"><failure message="m" type="t">at</failure></testcase>
       <system-out><![CDATA[]]></system-out><system-err><![CDATA[]]></system-err></testsuite>`,
    ['passed p(String)[1]', 'failed bad'],
  ],
  'gotestsum, with -count=2': [
    `<testsuites tests="4" failures="1" errors="0" time="0.5"><testsuite tests="4" failures="1" time="0.5" name="m/pkg" timestamp="2026-01-21T03:44:18Z">
       <properties><property name="go.version" value="go1.24"/></properties>
       <testcase classname="m/pkg" name="TestA" time="0.000000"/><testcase classname="m/pkg" name="TestA" time="0.000000"/>
       <testcase classname="m/pkg" name="TestB/sub" time="0.1"><failure message="Failed" type="">a_test.go:5</failure></testcase>
       <testcase classname="m/pkg" name="TestC" time="0"><skipped message="=== SKIP"/></testcase></testsuite></testsuites>`,
    ['passed TestA', 'passed TestA', 'failed TestB/sub', 'not_run TestC'],
  ],
  'node --test': [
    `<testsuites><testsuite name="outer" time="0.007" disabled="0" errors="0" tests="1" failures="1" skipped="1" hostname="vm">
       <testsuite name="inner"><testcase name="ok" time="0.001" classname="test"/>
       <testcase name="todo" classname="test"><skipped type="todo" message="true"/></testcase></testsuite></testsuite>
       <testcase name="top" classname="test" failure="1 == 2"><failure type="testCodeFailure" message="1 == 2">at</failure></testcase>
       <!-- tests 3 --></testsuites>`,
    ['passed ok', 'not_run todo', 'failed top'],
  ],
  'mocha --reporter xunit': [
    `<testsuite name="Mocha Tests" tests="3" failures="0" errors="1" skipped="1" timestamp="Thu, 26 Nov 2026 20:30:07 GMT" time="0.005">
       <testcase classname="o" name="ok" time="0.001"/><testcase classname="o" name="bad" time="0"><failure>x
       Error: x</failure></testcase><testcase classname="o" name="off" time="0"><skipped/></testcase></testsuite>`,
    ['passed ok', 'failed bad', 'not_run off'],
  ],
  'mocha-junit-reporter, as with Cypress': [
    `<testsuites name="Mocha Tests" time="0.003" tests="2" failures="1"><testsuite name="Root Suite" timestamp="2026-01-21T03:44:18" tests="0"
       file="cypress/e2e/a.cy.js" time="0" failures="0"></testsuite><testsuite name="o" timestamp="2026-01-21T03:44:18" tests="2" time="0" failures="1">
       <testcase name="o ok" time="0.001" classname="ok"></testcase><testcase name="o bad" time="0" classname="bad"><failure message="m" type="E"><![CDATA[E: m]]></failure></testcase>
       </testsuite></testsuites>`,
    ['passed o ok', 'failed o bad'],
  ],
  Playwright: [
    `<testsuites id="" name="" tests="3" failures="1" skipped="1" errors="1" time="1.5"><testsuite name="a.spec.ts" timestamp="2026-01-21T03:44:18.660Z"
       hostname="chromium" tests="3" failures="1" skipped="1" time="0.4" errors="1"><testcase name="late" classname="a.spec.ts" time="0.4"><error message="Test timeout of 200ms exceeded." type="Error"><![CDATA[x]]></error></testcase>
       <testcase name="off" classname="a.spec.ts"><properties><property name="skip" value=""></property></properties><skipped></skipped></testcase>
       <testcase name="bad" classname="a.spec.ts" time="0.02"><system-out><![CDATA[[[ATTACHMENT|a.png]]]]></system-out><failure message="m" type="expect.toBe"/></testcase></testsuite></testsuites>`,
    ['errored late', 'not_run off', 'failed bad'],
  ],
  'pytest, xunit1': [
    `<testsuites><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4" time="0.05" timestamp="2026-01-21T03:44:18.123456+01:00" hostname="vm">
       <testcase classname="t.test_a" name="test_p[#x1B]" file="t/test_a.py" line="3" time="0.001"><system-out>#x1B[31m</system-out></testcase>
       <testcase classname="t.test_a" name="test_fail" file="t/test_a.py" line="4" time="0.001"><failure message="assert 1 == 2">def</failure></testcase>
       <testcase classname="t.test_a" name="test_fail" file="t/test_a.py" line="4" time="0.001"><error message="failed on teardown">x</error></testcase>
       <testcase classname="t.test_a" name="test_xfail" file="t/test_a.py" line="9" time="0.1"><skipped type="pytest.xfail" message=""/></testcase></testsuite></testsuites>`,
    ['passed test_p[#x1B]', 'failed test_fail', 'errored test_fail', 'not_run test_xfail'],
  ],
  PHPUnit: [
    `<testsuites><testsuite name="phpunit.xml" tests="2" assertions="3" errors="0" failures="1" skipped="0" time="0.02"><testsuite name="Unit">
       <testsuite name="App\\ATest" file="/a/ATest.php"><testcase name="testOk" file="/a/ATest.php" line="9" class="App\\ATest" classname="App.ATest" assertions="2" time="0.01"/>
       <testsuite name="App\\ATest::testData"><testcase name="testData with data set &quot;a&quot;" class="App\\ATest" classname="App.ATest" assertions="1" time="0.01">
       <failure type="PHPUnit\\Framework\\ExpectationFailedException">no</failure></testcase></testsuite></testsuite></testsuite></testsuite></testsuites>`,
    ['passed testOk', 'failed testData with data set "a"'],
  ],
  'JunitXml.TestLogger of .NET': [
    `<testsuites><testsuite name="A.dll" tests="2" skipped="1" failures="0" errors="0" time="0.1" timestamp="2026-01-21T03:44:18" hostname="h" id="0" package="A.dll">
       <properties/><testcase classname="A.B" name="Ok(x: 1)" time="0.0012340"/><testcase classname="A.B" name="Off" time="0.0000000"><skipped/></testcase>
       <system-out>Junit Logger does not log standard output</system-out><system-err/></testsuite></testsuites>`,
    ['passed Ok(x: 1)', 'not_run Off'],
  ],
  bats: [
    `<testsuites time="0.1"><testsuite name="a.bats" tests="2" failures="1" errors="0" skipped="1" time="0.1" timestamp="2026-01-21T03:44:18" hostname="h">
       <testcase classname="a.bats" name="off" time="0"><skipped>later</skipped></testcase>
       <testcase classname="a.bats" name="bad" time="0.05"><failure type="failure">(in test file a.bats, line 3)</failure></testcase></testsuite></testsuites>`,
    ['not_run off', 'failed bad'],
  ],
  'ctest --output-junit': [
    `<testsuite name="(empty)" tests="5" failures="1" disabled="1" skipped="2" hostname="" time="1" timestamp="2026-01-21T03:44:18">
       <testcase name="ok" classname="ok" time="0.003" status="run"><system-out></system-out></testcase>
       <testcase name="bad" classname="bad" time="0.002" status="fail"><failure message=""/><system-out></system-out></testcase>
       <testcase name="missing" classname="missing" time="0" status="notrun"><skipped message="Unable to find executable"/></testcase>
       <testcase name="gone" classname="gone" time="0" status="notrun"/><testcase name="off" classname="off" time="0" status="disabled"/></testsuite>`,
    ['passed ok', 'failed bad', 'not_run missing', 'not_run gone', 'not_run off'],
  ],
  Bazel: [
    `<testsuites><testsuite name="pkg/a_test" tests="1" failures="0" errors="1"><testcase name="pkg/a_test" status="run" duration="3" time="3">
       <error message="exited with error code 1"></error></testcase><system-out>Generated test.log</system-out></testsuite></testsuites>`,
    ['errored pkg/a_test'],
  ],
  GoogleTest: [
    `<testsuites tests="3" failures="1" disabled="1" errors="0" time="0.1" timestamp="2026-01-21T03:44:18.123" name="AllTests"><testsuite name="S" tests="3">
       <testcase name="A" value_param="1" file="a.cc" line="3" status="run" result="completed" time="0." timestamp="2026-01-21T03:44:18.124" classname="S"><failure message="a" type=""/><failure message="b" type=""/></testcase>
       <testcase name="B" status="run" result="skipped" time="0." classname="S"/><testcase name="C" status="notrun" result="suppressed" time="0." classname="S"/></testsuite></testsuites>`,
    ['failed A', 'not_run B', 'not_run C'],
  ],
  'Robot Framework': [
    `<testsuite name="All" tests="2" errors="0" failures="1" skipped="0" time="0.01" timestamp="2026-01-21T03:44:18.000000"><testsuite name="A" tests="2">
       <testcase classname="All.A" name="Pass" time="0.001"/><testcase classname="All.A" name="Fail" time="0.001"><failure message="no" type="AssertionError"/></testcase>
       </testsuite></testsuite>`,
    ['passed Pass', 'failed Fail'],
  ],
  'cargo-nextest': [
    `<testsuites name="nextest-run" tests="2" failures="0" errors="0" uuid="45c50042-482e-477e-88a2-60cfcc3eaf95" timestamp="2026-01-21T03:44:18.023+00:00" time="0.17">
       <testsuite name="a-crate" tests="2" disabled="0" errors="0" failures="0"><testcase name="tests::ok" classname="a-crate" timestamp="2026-01-21T03:44:18.100+00:00" time="0.010"/>
       <testcase name="tests::flaky" classname="a-crate" timestamp="2026-01-21T03:44:18.100+00:00" time="0.010"><flakyFailure timestamp="2026-01-21T03:44:18.050+00:00" time="0.013" message="thread panicked" type="test failure">x<system-out>y</system-out></flakyFailure></testcase>
       </testsuite></testsuites>`,
    ['passed tests::ok', 'passed tests::flaky'],
  ],
};

describe('a report of', () => {
  it.each(Object.entries(REPORTS))('%s', async (_, [xml, rows]) => {
    const { items, cases } = await readContentOf(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
    const found = items.map((item) => {
      if (item.kind === 'remark') return item.text;
      const name = item.place.replace(/^line \d+, (.* › )?/, '');
      return `${item.kind === 'case' ? item.outcome : item.code} ${name}`;
    });
    expect(found).toEqual(rows);
    expect(cases.flatMap(({ notes }) => notes)).toEqual([]);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  it('Maven Surefire has thousands separators, and attempts as evidence', async () => {
    const [xml] = REPORTS['Maven Surefire'] ?? [''];
    const { cases } = await readContentOf(xml);
    expect(cases.map(({ duration, evidence: { attempt } }) => [duration, attempt])).toEqual([
      [1200.5, 1],
      [0.1, 2],
      [0.1, 3],
      [0, 2],
    ]);
    expect(cases[1]?.evidence).toMatchObject({
      reason: null,
      details: { attempts: [{ kind: 'flakyFailure', type: 'AssertionError', message: 'once' }] },
    });
  });
});
