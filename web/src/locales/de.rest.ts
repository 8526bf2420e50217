// The texts in one language of all other pages, fetched with the first of them.

import computers from "./de/computers.json";
import logs from "./de/logs.json";
import operations from "./de/operations.json";
import people from "./de/people.json";
import settings from "./de/settings.json";
import viewer from "./de/viewer.json";

export default { ...computers, ...logs, ...operations, ...people, ...settings, ...viewer };
