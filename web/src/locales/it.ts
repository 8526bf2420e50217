// The texts in one language that the console begins with: the login page, Remote Sessions and what is around every page.

import common from "./it/common.json";
import login from "./it/login.json";
import sessions from "./it/sessions.json";
import tools from "./it/tools.json";

export default { ...common, ...login, ...sessions, ...tools };
