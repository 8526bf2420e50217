// The texts in one language that the console begins with: the login page, Remote Sessions and what is around every page.

import common from "./fr/common.json";
import login from "./fr/login.json";
import sessions from "./fr/sessions.json";
import tools from "./fr/tools.json";

export default { ...common, ...login, ...sessions, ...tools };
