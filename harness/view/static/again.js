// What is still going on is looked at again.
"use strict";

setTimeout(() => location.reload(), 1000);
