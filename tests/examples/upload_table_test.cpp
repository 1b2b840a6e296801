#include "examples/upload_table.h"

#include <gtest/gtest.h>

#include <string>

#include "rpc/wire/json_writer.h"

namespace rp {
namespace {

using State = UploadEntry::State;

TEST(UploadTable, FindsWhatStandsInIt) {
  UploadTable table;
  table.add("3f2a", "/big.iso").received = 7;
  ASSERT_NE(table.find("3f2a"), nullptr);
  EXPECT_EQ(table.find("3f2a")->received, 7u);
  EXPECT_EQ(table.find("../etc/passwd"), nullptr);
}

TEST(UploadTable, FindsNothingThatWasErased) {
  UploadTable table;
  table.add("3f2a", "/big.iso");
  table.erase("3f2a");
  table.erase("nobody");
  EXPECT_EQ(table.find("3f2a"), nullptr);
  EXPECT_EQ(table.size(), 0u);
}

TEST(UploadTable, ForgetsTheOldestThatIsAtItsEnd) {
  UploadTable table(3);
  table.add("arriving", "/1");
  table.add("done", "/2").state = State::done;
  table.add("failed", "/3").state = State::failed;
  table.add("new", "/4");
  EXPECT_NE(table.find("arriving"), nullptr);
  EXPECT_EQ(table.find("done"), nullptr);
  EXPECT_NE(table.find("failed"), nullptr);
  EXPECT_EQ(table.size(), 3u);
}

TEST(UploadTable, ForgetsNothingThatIsOnItsWay) {
  UploadTable table(1);
  table.add("arriving", "/1");
  table.add("digesting", "/2").state = State::digesting;
  EXPECT_EQ(table.size(), 2u);
}

TEST(UploadTable, ForgetsAllThatAreBeyondItWhenTheyAreAtTheirEnd) {
  UploadTable table(2);
  for (const char* name : {"1", "2", "3", "4", "5"}) table.add(name, "/");
  for (const char* name : {"1", "2", "3", "5"}) {
    table.find(name)->state = State::done;
  }
  table.add("6", "/");
  EXPECT_NE(table.find("4"), nullptr);
  EXPECT_NE(table.find("6"), nullptr);
  EXPECT_EQ(table.size(), 2u);
}

TEST(UploadTable, TellsNoMoreThanTheNewestOfThoseOnTheirWay) {
  UploadTable table(2);
  for (const char* name : {"1", "2", "3"}) table.add(name, "/");
  Arena arena;
  const Value told = table.to_value(arena);
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told.items()[0].find("name")->as_string(), "3");
  EXPECT_EQ(told.items()[1].find("name")->as_string(), "2");
}

TEST(UploadTable, CutsLongNames) {
  UploadTable table;
  EXPECT_EQ(table.add("fits", std::string(200, 'x')).sent_as.size(), 200u);
  EXPECT_EQ(table.add("long", std::string(201, 'x')).sent_as.size(), 200u);
}

TEST(UploadTable, TellsTheNewestFirst) {
  UploadTable table;
  table.add("3f2a", "/one").state = State::done;
  table.add("77b0", "/two").expected = 9;
  table.find("3f2a")->sha1 = "abc";
  Arena arena;
  EXPECT_EQ(to_json(table.to_value(arena)),
            R"([{"name":"77b0","sent_as":"/two","expected":9,"received":0,)"
            R"("digested":0,"sha1":"","error":"","state":"arriving"},)"
            R"({"name":"3f2a","sent_as":"/one","expected":0,"received":0,)"
            R"("digested":0,"sha1":"abc","error":"","state":"done"}])");
}

}  // namespace
}  // namespace rp
