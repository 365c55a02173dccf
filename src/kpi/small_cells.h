// Small cells: figures that leave the circle of those who may read every alert behind them. A number from 1 to
// limits::kSmallCell - 1 is not shown, nor what it could be worked out from: the totals that stay, the other tables, or
// the level of a rule, which everybody knows. Zero is shown. Why so: docs/decisions/0019-kpis.md. Pure; thread-safe.
#pragma once

#include "kpi/kpis.h"

namespace quaywatch::kpi {

// Whole rows and columns go, so that what can still be worked out is only what several of them come to together; that
// is always 0 or at least kSmallCell. The sample goes, and of times the counts.
Kpis without_small_cells(Kpis kpis);

// Nothing of it is shown.
void hide(Breakdown& breakdown);
// Parts of a total; all that is left is safe to show beside the total.
void protect(Breakdown& breakdown);

}  // namespace quaywatch::kpi
