#include "rpc/discover.h"

#include <set>
#include <string>
#include <vector>

#include "rpc/wire/json_writer.h"
#include "tests/support/service_test.h"

namespace rp {
namespace {

Value nothing(const Params&) { return nullptr; }

class DiscoverTest : public ServiceTest {
 protected:
  Value document() {
    return openrpc_document(service_, {.title = "demo", .version = "1.0"},
                            arena_);
  }
  Value method(std::size_t index) {
    return document().find("methods")->items()[index];
  }
  std::string names(const Value& list) {
    std::string names;
    for (const Value& item : list.items()) {
      names += std::string(item.find("name")->as_string()) + " ";
    }
    return names;
  }

  Arena arena_;
};

// OpenRPC 1.2.6: "REQUIRED" in each of its objects.
TEST_F(DiscoverTest, HasAllThatOpenRpcRequires) {
  service_.method("add", on_loop, nothing,
                  {.params = {{"a", Type::number}}, .summary = "a + b"});
  const Value all = document();
  EXPECT_EQ(all.find("openrpc")->as_string(), "1.2.6");
  EXPECT_EQ(to_json(*all.find("info")), R"({"title":"demo","version":"1.0"})");
  EXPECT_EQ(to_json(method(0)),
            R"({"name":"add","summary":"a + b","params":[{"name":"a",)"
            R"("required":true,"schema":{"type":"number"}}],)"
            R"("paramStructure":"either","result":{"name":"result",)"
            R"("schema":{}},"x-where":"on the loop"})");
}

TEST_F(DiscoverTest, TellsTheTypeOfEachParameter) {
  service_.method("f", on_loop, nothing,
                  {.params = {{"any", Type::any},
                              {"b", Type::boolean},
                              {"i", Type::integer},
                              {"n", Type::number},
                              {"s", Type::string},
                              {"a", Type::array},
                              {"o", Type::object}}});
  std::string types;
  for (const Value& param : method(0).find("params")->items()) {
    types += to_json(*param.find("schema"));
  }
  EXPECT_EQ(types, R"({}{"type":"boolean"}{"type":"integer"}{"type":"number"})"
                   R"({"type":"string"}{"type":"array"}{"type":"object"})");
}

TEST_F(DiscoverTest, OptionalParametersStandBehindTheOthers) {
  service_.method("f", on_loop, nothing,
                  {.params = {{"a"}, {"b", Type::any, false}, {"c"}}});
  EXPECT_EQ(names(*method(0).find("params")), "a c b ");
  EXPECT_EQ(method(0).find("paramStructure")->as_string(), "by-name");
}

TEST_F(DiscoverTest, ParametersInTheirOwnOrderMayComeByPosition) {
  service_.method("f", on_loop, nothing,
                  {.params = {{"a"}, {"b", Type::any, false}}});
  EXPECT_EQ(names(*method(0).find("params")), "a b ");
  EXPECT_EQ(method(0).find("paramStructure")->as_string(), "either");
}

TEST_F(DiscoverTest, SaysOfAMethodThatDeclaresNothingThatItTakesAnything) {
  service_.method("f", on_loop, nothing);
  EXPECT_EQ(method(0).find("params")->size(), 0U);
  EXPECT_TRUE(method(0).find("x-any-params")->as_bool());
  EXPECT_EQ(method(0).find("summary"), nullptr);
}

TEST_F(DiscoverTest, LeavesOutPatternsAndHasTheRestInOrder) {
  for (const char* name : {"b", "log.*", "a"}) {
    service_.method(name, on_loop, nothing);
  }
  EXPECT_EQ(names(*document().find("methods")), "b a ");
}

}  // namespace
}  // namespace rp
