// The texts in one language of all other pages, fetched with the first of them.

import audit from "./de/audit.json";
import computers from "./de/computers.json";
import logs from "./de/logs.json";
import operations from "./de/operations.json";
import people from "./de/people.json";
import prompt from "./de/prompt.json";
import settings from "./de/settings.json";
import signon from "./de/signon.json";
import viewer from "./de/viewer.json";

export default {
  ...audit,
  ...computers,
  ...logs,
  ...operations,
  ...people,
  ...prompt,
  ...settings,
  ...signon,
  ...viewer,
};
