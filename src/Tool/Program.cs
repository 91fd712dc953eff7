using Reliability.Tool;

return await ToolCommandLine.RunAsync(args);
