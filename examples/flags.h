#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "reactor/address.h"
#include "reactor/clock.h"
#include "reactor/function.h"

namespace rp {

/// The command line is wrong. run_program() prints it in one line and exits
/// with 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The command line of a program: what may be given, and what was.
///
///     Flags flags("echo_server", "Sends back what it receives.");
///     flags.option("port", "N", "listen on this port; 0: any", "7001");
///     flags.toggle("trace", "print what the loop does");
///     flags.argument("[FILE]", "where the log goes");
///     return run_program(flags, argc, argv, [](const Flags& given) {
///       return serve(given.integer("port", 0, 65535), given.has("trace"));
///     });
///
/// Read as `--name value`, `--name=value` or `--name`; after a word `--` all
/// words are arguments. `--help` is always there, and its text is made from
/// what was declared. A value is checked when it is asked for, so ask for all
/// of them before the work begins. Asking for a name that was never declared
/// is a bug and stops the program.
///
/// Thread rule: one thread.
class Flags {
 public:
  Flags(std::string program, std::string about);

  // What may be given.

  /// `--name VALUE`. An empty `fallback` means that there is none.
  void option(std::string name, const std::string& value, std::string help,
              std::string fallback = {});

  /// `--name VALUE`, which may be given several times; the others may not.
  void list(const std::string& name, const std::string& value,
            std::string help);

  /// `--name`, which takes no value.
  void toggle(const std::string& name, std::string help);

  /// The next word that belongs to no flag; "[NAME]" may be left out.
  void argument(const std::string& name, std::string help);

  /// What the text of `--help` ends with; asked for with it only.
  void help_ends_with(std::string (*end)()) { help_end_ = end; }

  // What was given.

  /// Reads the words after argv[0]. Throws UsageError for a flag that is not
  /// declared, is there twice, has no value, an empty one or one too many, and
  /// for arguments that are missing or too many. False when help was asked for:
  /// nothing is checked then.
  bool parse(int argc, const char* const* argv);

  /// Whether the flag or argument was given, or has a fallback.
  bool has(std::string_view name) const;

  /// The names of the flags and arguments that stand on the command line, in
  /// the order of their declaration.
  std::vector<std::string> names_given() const;

  /// The value; of a list the last. Throws UsageError when it is missing, and
  /// so do the other five when it is not what they return.
  std::string text(std::string_view name) const;

  /// Every value of a list.
  std::vector<std::string> texts(std::string_view name) const;

  /// "--port: 99999 is not a number from 0 to 65535".
  std::int64_t integer(std::string_view name, std::int64_t least,
                       std::int64_t most) const;

  /// "500ms", "2s", "1m", "1h": whole numbers, at most a year.
  Duration duration(std::string_view name,
                    Duration least = Duration::zero()) const;

  /// One of these words.
  std::string choice(std::string_view name,
                     std::initializer_list<std::string_view> words) const;

  /// "HOST:PORT" with a numeric host, or "unix:PATH".
  Address address(std::string_view name) const;

  /// "PATH" of a Unix socket.
  Address unix_path(std::string_view name) const;

  const std::string& program() const { return program_; }

  /// The text of `--help`, in lines of at most 80 columns.
  std::string help() const;

 private:
  struct Flag {
    std::string name;   // "port", or "FILE" of an argument
    std::string shown;  // "--port N", "[FILE]"
    std::string help;
    std::string fallback;
    bool is_argument = false;
    bool takes_value = false;
    bool needed = false;
    bool is_list = false;
    std::vector<std::string> values;
  };

  Flag* find_flag(std::string_view name);
  const Flag& at(std::string_view name) const;
  void take_argument(std::string word);
  std::size_t take_flag(std::string_view word, std::string_view next);
  void check_arguments() const;
  Address read_address(std::string_view name,
                       Address (*read)(std::string_view)) const;
  [[noreturn]] void refuse(std::string_view name, const std::string& why) const;

  std::string program_;
  std::string about_;
  std::vector<Flag> flags_;
  std::string (*help_end_)() = nullptr;
};

/// Reads the command line, runs `body`, and returns what main() returns: its
/// result, 0 after `--help`, 2 after a usage error ("echo_server: --port: x
/// is not a number from 0 to 65535 (try --help)" on standard error), 1 after
/// any other exception (one line too) and when standard output could not take
/// what was printed. Standard descriptors that are closed are occupied first,
/// so that nothing else is taken for them; to read or write them still fails.
int run_program(Flags& flags, int argc, const char* const* argv,
                Function<int(const Flags&)> body);

/// Ends the program at once, with what run_program() would have returned for
/// `status`: for one that leaves threads to themselves, under which exit()
/// would tear down what they use.
[[noreturn]] void leave(const Flags& given, int status);

}  // namespace rp
