// The lanes of the workers: who they are, what they run, who was replaced.
import assert from 'node:assert/strict';
import test from 'node:test';

import {Workers} from '../../examples/dashboard/workers.js';

test('a process that was replaced is noted in its lane', () => {
  const workers = new Workers();
  const status = (pid, server = 1) => ({
    server: {pid: server}, processes: {workers: [
      {lane: 'process-1', pid, job: null, running_us: 0, state: 'idle'}]}});
  workers.take(status(10, 7), 0);
  workers.take(status(11), 50);
  workers.take(status(12), 100);
  const trace = {jobs: new Map()};
  const [lane] = workers.lanes(status(12), trace, (ms) => ms * 1000);
  assert.deepEqual(lane.notes, [{time: 100_000,
    words: ['✕ 11 gone, 12 came', '✕ 11 gone']}]);
  assert.equal(lane.state, '12 idle');
});

const stuck = {job: 'stuck', running_us: 1_900_000};

test('a thread that came for one that is stuck is noted in its lane', () => {
  const workers = new Workers(), trace = {jobs: new Map()};
  const first = {lane: 'thread-1', ...stuck, state: 'busy'};
  const status = (...all) => ({pool: {workers: all}});
  workers.take(status(first), 0);
  const later = status({...first, state: 'retired'},
                       {lane: 'thread-2', job: null, state: 'idle'});
  workers.take(later, 50);
  later.pool.workers.push({lane: 'thread-3', job: null, state: 'idle'});
  workers.take(later, 100);
  const lanes = workers.lanes(later, trace, (ms) => ms * 1000);
  assert.equal(lanes[0].state, 'retired, 1.9 s stuck');
  assert.deepEqual(lanes.map(({notes}) => notes), [[], [
    {time: 50_000, words: ['+ in place of thread-1', '+ came']}], []]);
});

test('a new thread is nobody\'s successor while none is stuck', () => {
  const workers = new Workers();
  const one = (lane) => ({lane, job: null, state: 'idle'});
  const status = {pool: {workers: [one('thread-1'), one('thread-2')]}};
  workers.take({pool: {workers: [one('thread-1')]}}, 0);
  workers.take(status, 50);
  const lanes = workers.lanes(status, {jobs: new Map()}, (ms) => ms);
  assert.deepEqual(lanes.map(({notes}) => notes), [[], []]);
});

test('how long a job runs stands before its name, its process aside', () => {
  const workers = new Workers(), child = {lane: 'process-1', pid: 12, ...stuck};
  const status = {processes: {workers: [{...child, state: 'busy'}]}};
  workers.take(status, 0);
  const [lane] = workers.lanes(status, {jobs: new Map()}, (ms) => ms);
  assert.equal(lane.state, '1.9 s stuck');
  assert.equal(lane.title, 'pid 12');
});

test('a job that has ended is not drawn as running', () => {
  const workers = new Workers();
  const status = {pool: {workers: [
    {lane: 'thread-1', job: 'sleep', running_us: 50_000, state: 'busy'}]}};
  workers.take(status, 100);
  const running = (jobs) => {
    const trace = {jobs: new Map([['thread-1', jobs]])};
    return workers.lanes(status, trace, (ms) => ms * 1000)[0].running;
  };
  assert.deepEqual(running([]), {what: 'sleep', begin: 50_000});
  assert.deepEqual(running([{begin: 0, end: 40_000}]),
                   {what: 'sleep', begin: 50_000});
  assert.equal(running([{begin: 50_000, end: 140_000}]), null);
});

test('a job that was given up is drawn as running from there on', () => {
  const workers = new Workers();
  const status = {pool: {workers: [
    {lane: 'thread-1', ...stuck, state: 'retired'}]}};
  workers.take(status, 1950);
  const jobs = [{begin: 50_000, end: 1_050_000}];
  const trace = {jobs: new Map([['thread-1', jobs]])};
  const [lane] = workers.lanes(status, trace, (ms) => ms * 1000);
  assert.deepEqual(lane.running, {what: 'stuck', begin: 1_050_000});
});
