#include "pool/outcome.h"

namespace rp {

namespace {

const char* text_of(Fate fate) {
  switch (fate) {
    case Fate::expired:
      return "the job's deadline passed";
    case Fate::refused:
      return "the job was refused: there is no room for it";
    case Fate::dropped:
      return "the job was dropped: cancelled, or its executor ended";
    case Fate::finished:
    case Fate::failed:
      break;
  }
  return "the job was lost";
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::finished:
      return "finished";
    case Fate::failed:
      return "failed";
    case Fate::expired:
      return "expired";
    case Fate::refused:
      return "refused";
    case Fate::dropped:
      return "dropped";
  }
  return "unknown";
}

std::exception_ptr handled_error() {
  if (std::exception_ptr error = std::current_exception()) return error;
  return std::make_exception_ptr(
      std::runtime_error("an exception that is no C++ exception"));
}

JobLost::JobLost(Fate fate) : std::runtime_error(text_of(fate)), fate_(fate) {}

OutcomeBase::OutcomeBase(const Settled& end)
    : fate_(end.fate), error_(end.error) {
  if (!ok() && !error_) error_ = std::make_exception_ptr(JobLost(fate_));
}

std::string OutcomeBase::message() const {
  if (!error_) return {};
  try {
    std::rethrow_exception(error_);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

void OutcomeBase::throw_unless_ok() const {
  if (error_) std::rethrow_exception(error_);
}

}  // namespace rp
