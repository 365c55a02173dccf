// Where one container was loaded last, as bay plan, manifest or discharge state it. Pure.
#pragma once

#include "timeline/facts.h"

namespace quaywatch::timeline {

class OriginTrack {
 public:
  static constexpr FieldId kFacts[] = {FieldId::container_load_port};
  static constexpr bool is_asked(EventType type) { return type == EventType::container_moved; }
  static constexpr bool is_about(EventType type) {
    return type == EventType::container_stowed || type == EventType::container_discharged ||
           type == EventType::document_changed;
  }
  void apply(const EventPtr& event) {
    if (event->fields.has(FieldId::location_load)) stated_ = event;
  }
  void facts(const Event&, const Coverage&, Facts& out) const {
    if (stated_)
      out.text(FieldId::container_load_port, stated_->text(FieldId::location_load), stated_);
    else
      out.unknown(FieldId::container_load_port, UnknownCause::known_since);
  }

 private:
  EventPtr stated_;
};

}  // namespace quaywatch::timeline
