#include "tests/support/sim_network.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/sim_stream.h"

namespace rp {
namespace {

using namespace std::chrono_literals;

// Bytes of which none can change places with its neighbour unseen.
std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i);
  text.resize(size);
  return text;
}

void echo(SimStream& stream) {
  stream.connection->data = [](Recorder& me, std::string_view bytes) {
    me.send(bytes);
  };
}

TEST(SimNetwork, DeliversAllBytesInOrderWhateverTheSeed) {
  const std::string sent = text_of(5000);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SimStream stream({.seed = seed});
    echo(stream);
    stream.peer.send(sent);
    stream.run_for(1h);
    EXPECT_EQ(stream.record.received, sent) << "seed " << seed;
    EXPECT_EQ(stream.log.got, sent) << "seed " << seed;
  }
}

TEST(SimNetwork, CutsWhatItCarriesInBothDirections) {
  std::size_t came = 0, went = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SimStream stream({.seed = seed});
    stream.connection->data = [&](Recorder& me, std::string_view bytes) {
      ++came;
      me.send(bytes);
    };
    stream.peer.send(text_of(3000));
    stream.run_for(1h);
    went += stream.log.pieces.size();
  }
  EXPECT_GT(came, 40u);
  EXPECT_GT(went, 40u);
}

TEST(SimNetwork, BringsAPieceNoSoonerAndNoLaterThanTheWeatherAllows) {
  SimStream stream({.weather = {.least_delay = 3ms, .most_delay = 3ms}});
  std::vector<Duration> came;
  stream.connection->data = [&](Recorder& me, std::string_view bytes) {
    came.push_back(stream.elapsed());
    me.send(bytes);
  };
  stream.peer.send("x");
  stream.at(6ms, [&] { EXPECT_EQ(stream.log.got, ""); });
  stream.at(6ms + 1ns, [&] { EXPECT_EQ(stream.log.got, "x"); });
  stream.run_for(1s);
  EXPECT_EQ(came, std::vector<Duration>{3ms});
}

TEST(SimNetwork, TakesTheReactorsBytesInShortWrites) {
  const std::string sent = text_of(100);
  std::size_t sends = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SimStream stream({.seed = seed});
    const Fault counter = Fault::on(stream.fd);
    stream.reactor.run_after(0s, [&] { stream.connection->send(sent); });
    stream.run_for(1s);
    EXPECT_EQ(stream.log.got, sent);
    sends += counter.calls(SystemCall::kSend);
  }
  EXPECT_GT(sends, 40u);
  EXPECT_LT(sends, 200u);
}

TEST(SimNetwork, HoldsOnlyAWindowOfWhatTheReactorSends) {
  SimStream stream({.weather = {.window = 1000}, .limits = {.idle = 0s}});
  stream.peer.vanish();
  std::size_t unsent = 0;
  stream.reactor.run_after(0s, [&] { stream.connection->send(text_of(5000)); });
  stream.at(1min, [&] { unsent = stream.connection->unsent(); });
  stream.run_for(1h);
  EXPECT_EQ(unsent, 4000u);
  EXPECT_LT(stream.poller->waits(), 1000u);  // and the loop does not spin
}

TEST(SimNetwork, TellsAHalfCloseBehindTheBytes) {
  SimStream stream;
  const std::string sent = text_of(5000);
  stream.connection->end = [&](Recorder& me) {
    EXPECT_EQ(stream.record.received, sent);
    me.send("bye");
    me.close_after_sending();
  };
  stream.peer.send(sent);
  stream.peer.half_close();
  stream.peer.send("lost");
  stream.run_for(1h);
  EXPECT_EQ(stream.record.ends, 1);
  EXPECT_EQ(stream.log.got, "bye");
  EXPECT_EQ(stream.log.ends, std::vector<SimEnd>{SimEnd::closed});
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::local});
}

TEST(SimNetwork, TellsThePeerOfTheReactorsEndBehindTheBytes) {
  SimStream stream;
  const std::string sent = text_of(5000);
  stream.reactor.run_after(0s, [&] {
    stream.connection->send(sent);
    stream.connection->half_close();
  });
  stream.run_for(1h);
  EXPECT_EQ(stream.log.got, sent);
  EXPECT_EQ(stream.log.ends, std::vector<SimEnd>{SimEnd::closed});
  EXPECT_TRUE(stream.log.gone);
}

TEST(SimNetwork, BreaksAStreamSoThatTheReactorGetsAReset) {
  SimStream stream;
  stream.at(20ms, [&] {
    stream.peer.send("lost");
    stream.peer.reset();
  });
  stream.run_for(1s);
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::reset});
  EXPECT_EQ(stream.record.error_number, ECONNRESET);
  EXPECT_EQ(stream.record.received, "");
  EXPECT_TRUE(stream.log.ends.empty());
  EXPECT_TRUE(stream.log.gone);
}

TEST(SimNetwork, BreaksAStreamForWhoSendsIntoIt) {
  SimStream stream;
  stream.connection->pause();
  stream.reactor.run_after(20ms, [&] {
    stream.connection->send("hello");
    stream.peer.reset();
  });
  stream.run_for(1s);
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::reset});
}

TEST(SimNetwork, BreaksStreamsInBadWeatherAndTellsBoth) {
  SimStream stream({.weather = {.resets = 1000}});
  stream.peer.send("hello");
  stream.run_for(1s);
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::reset});
  EXPECT_EQ(stream.record.received, "");
  EXPECT_EQ(stream.log.ends, std::vector<SimEnd>{SimEnd::reset});
  EXPECT_EQ(stream.network.stats().resets, 1u);
}

TEST(SimNetwork, LosesAPeerWithoutAWord) {
  SimStream stream;  // which is closed when it was idle for a minute
  stream.peer.send("lost");
  stream.peer.vanish();
  stream.at(60s, [&] { EXPECT_TRUE(stream.record.closed.empty()); });
  stream.run_for(61s);
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::idle});
  EXPECT_EQ(stream.record.received, "");
  EXPECT_TRUE(stream.log.ends.empty());
  EXPECT_EQ(stream.network.peers(), 0u);
}

TEST(SimNetwork, LosesPeersInBadWeather) {
  SimStream stream({.weather = {.vanishings = 1000}});
  stream.peer.send("hello");
  stream.run_for(61s);
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::idle});
  EXPECT_EQ(stream.network.stats().vanishings, 1u);
}

TEST(SimNetwork, DestroysWhatWasSentByOneWhoClosesWithBytesUnread) {
  SimStream stream;
  stream.connection->pause();
  stream.peer.send("not read");
  stream.reactor.run_after(50ms, [&] { stream.connection->send("lost"); });
  stream.reactor.run_after(50ms + 1ns, [&] { stream.connection->close(); });
  stream.run_for(1s);
  EXPECT_EQ(stream.log.got, "");
  EXPECT_EQ(stream.log.ends, std::vector<SimEnd>{SimEnd::reset});
}

TEST(SimNetwork, GivesAPeerUpWhenItsStreamIsOver) {
  SimStream stream;
  stream.peer.half_close();
  stream.at(1s, [&] {
    EXPECT_TRUE(stream.log.gone);
    EXPECT_EQ(stream.network.peers(), 0u);
  });
  stream.run_for(2s);
  EXPECT_EQ(stream.record.closed, std::vector<CloseReason>{CloseReason::peer});
}

TEST(SimNetwork, DoesWhatPeersDoAtItsTimeAndInItsOrder) {
  SimStream stream;
  std::string did;
  stream.at(2ms, [&] { did += 'c'; });
  stream.at(1ms, [&] { did += 'a'; });
  stream.at(1ms, [&] { did += 'b'; });
  const TimerId never = stream.network.after(1ms, [&] { did += 'x'; });
  EXPECT_TRUE(stream.network.cancel(never));
  stream.run_for(1s);
  EXPECT_EQ(did, "abc");
}

std::string trace_of(std::uint64_t seed) {
  std::string trace;
  SimStream stream({.seed = seed, .weather = {.resets = 5}});
  TickTrace lines(
      [&](const TraceEvent& event) { trace += to_string(event) + '\n'; });
  echo(stream);
  stream.reactor.set_trace(&lines);
  stream.peer.send(text_of(3000));
  stream.run_for(10s);
  stream.reactor.set_trace(nullptr);
  return trace;
}

TEST(SimNetwork, GivesTheSameTraceByTheSameSeed) {
  const std::string trace = trace_of(7);
  EXPECT_GT(trace.size(), 1000u);
  EXPECT_EQ(trace_of(7), trace);
}

TEST(SimNetwork, GivesAnotherTraceByAnotherSeed) {
  EXPECT_NE(trace_of(7), trace_of(8));
}

}  // namespace
}  // namespace rp
